import { compile } from './compile.js';
import { createMemory } from './memory.js';
import { reconcile } from './reconcile.js';
import type { MetricSpec } from './spec.js';
import { cpuSpec, NOW, pod, reading, scene } from './testing/scenes.js';
import type { Observation } from './types.js';

const external = (target: object): MetricSpec => ({
  type: 'External',
  external: { metric: { name: 'q' }, target },
});
const PER_POD = external({ type: 'AverageValue', averageValue: '50' });
const failure = { kind: 'failed', error: 'away' } as const;

function decide(spec: Parameters<typeof compile>[0], observation: Observation) {
  return reconcile(compile(spec), createMemory(), observation);
}

describe('reconcile', () => {
  it('corrects the bounds in one step, without metrics', () => {
    const at = (specReplicas: number) =>
      decide(cpuSpec({ minReplicas: 10, maxReplicas: 12, behavior: {} }), {
        ...scene([]),
        specReplicas,
      });
    expect(at(1)).toMatchObject({ course: 'below-min', replicas: 10, metrics: null, error: null });
    expect(at(90)).toMatchObject({ course: 'above-max', replicas: 12 });
    expect(at(1).conditions).toEqual({
      AbleToScale: { status: 'True', reason: 'SucceededRescale' },
    });
  });

  it('counts a correction of the bounds as a scale', () => {
    const autoscaler = compile(cpuSpec({ minReplicas: 8, behavior: {} }));
    const memory = createMemory();
    reconcile(autoscaler, memory, { ...scene([]), specReplicas: 1 });
    expect(memory.upEvents).toEqual([{ time: NOW, change: 7, outdated: false }]);
    // Without spec.behavior nobody would read it.
    const other = createMemory();
    reconcile(compile(cpuSpec({ minReplicas: 8 })), other, { ...scene([]), specReplicas: 1 });
    expect(other.upEvents).toEqual([]);
  });

  it('does nothing for a target without pods', () => {
    expect(decide(cpuSpec(), scene([]))).toMatchObject({
      course: 'disabled',
      replicas: 0,
      error: null,
      conditions: { ScalingActive: { status: 'False', reason: 'ScalingDisabled' } },
    });
  });

  it('keeps the conditions that it does not set', () => {
    const ScalingLimited = { status: 'True', reason: 'TooManyReplicas' } as const;
    const decision = reconcile(
      compile(cpuSpec()),
      createMemory(),
      { ...scene([100]), readings: [failure] },
      { ScalingLimited },
    );
    expect(decision).toMatchObject({ course: 'hold', replicas: 1 });
    expect(decision.conditions).toEqual({
      AbleToScale: { status: 'True', reason: 'SucceededGetScale' },
      ScalingActive: { status: 'False', reason: 'FailedGetResourceMetric' },
      ScalingLimited,
    });
  });

  it('scales up on a part of the metrics and reports the error', () => {
    const spec = cpuSpec({ metrics: [PER_POD, ...cpuSpec().metrics!] });
    const decision = decide(spec, {
      ...scene([250, 250]),
      readings: [failure, reading([250, 250])],
    });
    expect(decision).toMatchObject({
      course: 'metrics',
      replicas: 3,
      error: 'invalid metrics (1 invalid out of 2), first error is: away',
    });
    expect(decision.conditions.ScalingActive?.reason).toBe('ValidMetricFound');
  });

  it('takes the highest of all metrics', () => {
    const spec = cpuSpec({ metrics: [...cpuSpec().metrics!, PER_POD] });
    const decision = decide(spec, {
      ...scene([175, 175]),
      readings: [reading([175, 175]), { kind: 'values', values: [90_000, 60_000] }],
    });
    expect(decision.metrics).toMatchObject({ replicas: 3, decidedBy: 1 });
  });

  it('uses status.replicas for a mean over pods and spec.replicas for a value', () => {
    const observation = {
      ...scene([175, 175, 175]),
      specReplicas: 3,
      statusReplicas: 2,
      readings: [{ kind: 'values' as const, values: [100_000] }],
    };
    expect(decide(cpuSpec({ metrics: [PER_POD] }), observation).metrics!.replicas).toBe(2);
    const value = external({ type: 'Value', value: '100' });
    expect(decide(cpuSpec({ metrics: [value] }), observation).metrics!.replicas).toBe(3);
  });

  it('starts from zero by the ratio alone', () => {
    const spec = cpuSpec({ minReplicas: 0, metrics: [external({ type: 'Value', value: '10' })] });
    const autoscaler = compile(spec, { scaleToZero: true });
    const observation = { ...scene([]), readings: [{ kind: 'values' as const, values: [10_500] }] };
    expect(reconcile(autoscaler, createMemory(), observation).replicas).toBe(2);
  });

  it('counts a percentage of the request as a whole number', () => {
    // 50.9 % of a target of 50 % with no tolerance.
    const metrics: MetricSpec[] = [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
      },
    ];
    const spec = cpuSpec({ metrics, behavior: { scaleUp: { tolerance: 0 } } });
    const values = [509, 509, 509, 509, 509];
    const decision = decide(spec, { ...scene(values), readings: [reading(values, 1000)] });
    expect(decision.metrics!.proposals[0]).toMatchObject({ utilization: 50, replicas: 5 });
  });

  it('multiplies the rounded ratio', () => {
    const metrics: MetricSpec[] = [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 30 } },
      },
    ];
    const values = Array.from({ length: 25 }, () => 66);
    const decision = decide(cpuSpec({ metrics }), {
      ...scene(values),
      readings: [reading(values, 100)],
    });
    expect(decision.metrics!.replicas).toBe(56);
  });

  it('is exact where bytes do not fit into a double', () => {
    const request = 8 * 1024 ** 3 * 1000;
    const metrics: MetricSpec[] = [
      {
        type: 'Resource',
        resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 99 } },
      },
    ];
    const values = Array.from({ length: 50_000 }, () => request - 1);
    const decision = decide(cpuSpec({ maxReplicas: 60_000, metrics }), {
      ...scene(values),
      readings: [reading(values, request)],
    });
    expect(decision.metrics!.proposals[0]!.utilization).toBe(99);
  });

  it('counts only what readiness allows, for cpu', () => {
    const booting = {
      startTime: NOW - 20_000,
      ready: 'False' as const,
      readyTransition: NOW - 20_000,
    };
    const observation = scene([350, 350, 10]);
    const pods = [pod(0), pod(1), pod(2, booting)];
    const cpu = decide(cpuSpec(), { ...observation, pods });
    // 140 % of two pods; with the third counted as idle, 93 % of three.
    expect(cpu.metrics!.proposals[0]).toMatchObject({ utilization: 140, unready: 1, replicas: 4 });
    const custom: MetricSpec = {
      type: 'Pods',
      pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '175m' } },
    };
    expect(
      decide(cpuSpec({ metrics: [custom] }), { ...observation, pods }).metrics!.proposals[0],
    ).toMatchObject({ average: 236, unready: 0 });
  });

  it('holds for a surge pod without a sample', () => {
    const observation = scene([200, 200, null]);
    const decision = decide(cpuSpec(), { ...observation, specReplicas: 2, statusReplicas: 3 });
    expect(decision.metrics!.proposals[0]).toMatchObject({ missing: 1, replicas: 2 });
  });

  it('assumes a missing pod to be busy before it scales down', () => {
    const decision = decide(cpuSpec(), scene([50, 50, 50, null]));
    // (3 × 50 + 250) ÷ 1000 = 40 % of 4 pods.
    expect(decision.metrics!.proposals[0]).toMatchObject({
      utilization: 20,
      counted: 4,
      replicas: 3,
    });
  });

  it('fails the metric when one pod has no request, even one that has failed', () => {
    const observation = scene([100, 100]);
    const pods = [pod(0), pod(1, { phase: 'Failed' })];
    const readings = [{ ...reading([100, 100]), requests: [250, null] }];
    expect(decide(cpuSpec(), { ...observation, pods, readings }).error).toMatch(
      'missing request for cpu in Pod p1',
    );
  });

  it('lets samples of unknown pods count in a mean only', () => {
    const strangers = [{ value: 1000, timestamp: NOW, window: 15_000 }];
    const readings = [{ ...reading([175, 175]), strangers }];
    expect(decide(cpuSpec(), { ...scene([175, 175]), readings }).metrics!.replicas).toBe(2);
    const metrics: MetricSpec[] = [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '175m' } },
      },
    ];
    expect(
      decide(cpuSpec({ metrics }), { ...scene([175, 175]), readings }).metrics!.proposals[0],
    ).toMatchObject({ average: 450, replicas: 6 });
  });

  it('holds for a full window after a restart', () => {
    const autoscaler = compile(cpuSpec());
    const observation = scene([10, 10, 10, 10]);
    const memory = createMemory();
    const at = (seconds: number) =>
      reconcile(autoscaler, memory, { ...observation, now: NOW + seconds * 1000 }).replicas;
    expect([at(0), at(300), at(301)]).toEqual([4, 4, 1]);
  });
});
