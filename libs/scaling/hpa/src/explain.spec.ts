import { compile } from './compile.js';
import { explain } from './explain.js';
import { createMemory } from './memory.js';
import { reconcile } from './reconcile.js';
import type { HpaSpec } from './spec.js';
import { cpuSpec, scene } from './testing/scenes.js';
import type { Observation } from './types.js';

function explained(spec: HpaSpec, observation: Observation, before: number[] = []) {
  const autoscaler = compile(spec);
  const memory = createMemory();
  memory.recommendations = before.map((replicas) => ({ time: observation.now - 1000, replicas }));
  return explain(autoscaler, reconcile(autoscaler, memory, observation));
}

describe('explain', () => {
  it('shows the tolerance', () => {
    const { summary, metrics } = explained(cpuSpec(), scene([185, 185]));
    expect(summary).toBe(
      'stays at 2 pods: cpu at 74 % of a target of 70 % is within the tolerance (−0.1, +0.1), so 3 stays 2.',
    );
    expect(metrics).toEqual([
      {
        name: 'cpu',
        kind: 'Resource',
        targetType: 'Utilization',
        target: 70,
        measured: 74,
        ratio: 74 / 70,
        filledRatio: 74 / 70,
        raw: 3,
        proposal: 2,
        outcome: 'within-tolerance',
        tolerances: { up: 0.1, down: 0.1 },
        pods: { ready: 2, unready: 0, missing: 0, ignored: 0 },
        error: null,
        words: expect.any(String),
      },
    ]);
  });

  it('shows the window and the policy that changed the count', () => {
    const down = explained(cpuSpec(), scene([10, 10, 10]), [3]);
    expect(down.steps).toEqual([
      {
        stage: 'metrics',
        from: 3,
        to: 1,
        reason: 'ValidMetricFound',
        words: 'cpu at 4 % of a target of 70 % asks for 1 pod',
      },
      {
        stage: 'stabilization',
        from: 1,
        to: 3,
        reason: 'ScaleDownStabilized',
        words: 'within the last 300 s the metrics asked for more pods, so 1 becomes 3',
      },
    ]);
    // Without spec.behavior an old, higher count comes back even when nothing asks for a change.
    expect(explained(cpuSpec(), scene([175, 175]), [3]).summary).toMatch(
      'within the last 300 s the metrics asked for more pods, so 2 becomes 3',
    );
    const behavior = { scaleUp: { stabilizationWindowSeconds: 60 } };
    expect(explained(cpuSpec({ behavior }), scene([350, 350]), [2]).summary).toMatch(
      'within the last 60 s the metrics asked for fewer pods, so 4 becomes 2',
    );
    const policies = [{ type: 'Percent', value: 50, periodSeconds: 60 }];
    const up = explained(cpuSpec({ behavior: { scaleUp: { policies } } }), scene([700, 700]));
    expect(up.summary).toBe(
      '2 → 3 pods: cpu at 280 % of a target of 70 % asks for 8 pods; the scaleUp policy 50 % in 60 s allows no more, so 8 becomes 3.',
    );
    const legacy = explained(cpuSpec(), scene([1400]));
    expect(legacy.summary).toMatch('at most max(2 × current, 4) pods in one sync');
    const selectPolicy = 'Disabled';
    const disabled = explained(cpuSpec({ behavior: { scaleUp: { selectPolicy } } }), scene([700]));
    expect(disabled.summary).toMatch('scaleUp is disabled, so 4 becomes 1');
  });

  it('shows bounds', () => {
    expect(explained(cpuSpec({ maxReplicas: 3 }), scene([700, 700])).summary).toMatch(
      'maxReplicas makes 8 into 3',
    );
    const outside = { ...scene([]), specReplicas: 5 };
    expect(explained(cpuSpec({ maxReplicas: 3 }), outside).summary).toBe(
      '5 → 3 pods: 5 is above maxReplicas 3; metrics, windows and policies do not count.',
    );
    expect(explained(cpuSpec({ minReplicas: 6 }), outside).summary).toMatch('below minReplicas 6');
    expect(explained(cpuSpec(), scene([])).summary).toMatch('the target has no pods');
  });

  it('shows what was assumed of pods without a sample', () => {
    expect(explained(cpuSpec(), scene([100, 100, null])).summary).toBe(
      'stays at 3 pods: cpu at 40 % of a target of 70 % (1 without a sample counted as busy: 0.571 becomes 0.857 times the target) asks for 3 pods.',
    );
    expect(explained(cpuSpec(), scene([200, 200, null])).summary).toMatch(
      'which would turn the direction round, so it stays 3 pods',
    );
  });

  it('shows why nothing is known', () => {
    const failure = { kind: 'failed', error: 'away' } as const;
    const observation = { ...scene([10]), readings: [failure] };
    expect(explained(cpuSpec(), observation)).toMatchObject({
      summary: 'stays at 1 pod: no metric has a value: cpu (away).',
      steps: [{ stage: 'hold', reason: 'FailedGetResourceMetric' }],
      metrics: [{ measured: null, proposal: null, outcome: 'failed' }],
    });
    const [metric] = cpuSpec().metrics!;
    const two = { ...scene([10, 10]) };
    const half = explained(cpuSpec({ metrics: [metric!, metric!] }), {
      ...two,
      readings: [failure, two.readings[0]!],
    });
    expect(half.summary).toMatch('nothing is scaled down on a part of the metrics');
  });
});
