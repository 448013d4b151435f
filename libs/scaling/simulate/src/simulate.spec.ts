import type { HpaSpec } from '@primetrade/scaling-hpa';
import { compare } from './compare.js';
import { ScenarioError } from './scenario.js';
import { simulate } from './simulate.js';
import { hpa, MEBIBYTE, MODEL, scenario } from './testing/scenarios.js';
import { drawStep } from './workload.js';

const STEP = 15;
const jump = drawStep({ base: 60, peak: 600, at: 150, duration: 1800, step: STEP });
const nodes = {
  capacity: { cpu: 2000, memory: 4096 * MEBIBYTE },
  min: 1,
  max: 10,
  provision: 120,
  idle: 600,
};

describe('a simulation', () => {
  it('follows a jump of the load only as fast as samples, decisions and pods allow', () => {
    const { services } = simulate(scenario({ workload: jump }));
    const { replicas, ready, p95, failed } = services[0]!.course;
    // The load jumps at step 10. The sample of step 11 has a third of it, that of step 12 all; new
    // pods are ready 12 s later, and their samples count two steps after that.
    expect([...replicas.slice(10, 20)]).toEqual([2, 2, 4, 4, 4, 7, 7, 7, 11, 11]);
    expect([...ready.slice(11, 14)].map((pods) => Math.round(pods * 10) / 10)).toEqual([2, 2.4, 4]);
    // Two pods of 100 requests a second face 600: the queue is full at once.
    expect(failed[10]).toBeGreaterThan(0);
    expect(p95[10]).toBeGreaterThan(4);
    // In the end all is well again.
    expect(p95.at(-1)).toBeLessThan(0.1);
    expect(failed.at(-1)).toBe(0);
    expect(services[0]!.sloMinutesMissed).toBeGreaterThan(0.5);
  });

  it('stays where the load fits, from the first step on', () => {
    const { services } = simulate(scenario({ workload: new Float64Array(400).fill(130) }));
    expect(services[0]).toMatchObject({ rescales: 0, flaps: 0, sloMinutesMissed: 0 });
    expect(services[0]!.replicas).toEqual({ min: 2, mean: 2, max: 2 });
    expect(services[0]!.podHours).toBeCloseTo((2 * 400 * STEP) / 3600);
  });

  it('lets pods wait for nodes', () => {
    const at = (provision: number) =>
      simulate(
        scenario({ workload: jump.map((rate) => rate * 1.5) }, { nodes: { ...nodes, provision } }),
      );
    const fast = at(0);
    const slow = at(300);
    expect(slow.services[0]!.sloMinutesMissed).toBeGreaterThan(
      fast.services[0]!.sloMinutesMissed + 2,
    );
    // 7 pods of 250m fit into nine tenths of two cores.
    expect(slow.services[0]!.course.ready[30]).toBe(7);
    expect(slow.services[0]!.course.withoutNode[30]).toBeGreaterThan(0);
    expect(slow.nodes).toMatchObject({ min: 1, max: 3 });
  });

  it('lets nodes go when they have been empty for long enough', () => {
    const falls = Array.from(jump, (rate, i) => (i < 60 ? rate : 60));
    const workload = [...falls, ...Array.from({ length: 200 }, () => 60)];
    const { nodes: paid } = simulate(scenario({ workload }, { nodes }));
    expect(paid).toMatchObject({ min: 1, max: 2 });
    expect(paid!.course.at(-1)).toBe(1);
    expect(paid!.hours).toBeLessThan((2 * workload.length * STEP) / 3600);
  });

  it('never has more nodes than there may be', () => {
    const { services, nodes: paid } = simulate(
      scenario({ workload: jump.map((rate) => rate * 5) }, { nodes: { ...nodes, max: 2 } }),
    );
    expect(paid!.max).toBe(2);
    expect(services[0]!.replicas.max).toBe(20);
    expect(Math.max(...services[0]!.course.ready)).toBe(14);
  });

  it('takes requests a second as a metric', () => {
    const byRate = (metric: NonNullable<HpaSpec['metrics']>[number]) =>
      simulate(scenario({ workload: jump, hpa: hpa({ metrics: [metric] }) })).services[0]!;
    const metric = { name: 'http_requests_per_second' };
    const target = { type: 'AverageValue', averageValue: '50' };
    expect(byRate({ type: 'Pods', pods: { metric, target } }).course.replicas.at(-1)).toBe(12);
    expect(byRate({ type: 'External', external: { metric, target } }).replicas.max).toBe(12);
  });

  it('counts changes of direction as flaps', () => {
    const workload = Array.from({ length: 400 }, (_, i) => (Math.floor(i / 10) % 2 ? 300 : 100));
    const calm = simulate(scenario({ workload }));
    const nervous = simulate(
      scenario({
        workload,
        hpa: hpa({ behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } }),
      }),
    );
    expect(calm.services[0]!.flaps).toBeLessThan(2);
    expect(nervous.services[0]!.flaps).toBeGreaterThan(20);
    const [difference] = compare(calm, nervous);
    expect(difference!.flaps).toBe(nervous.services[0]!.flaps - calm.services[0]!.flaps);
    expect(difference!.podHours).toBeLessThan(0);
    expect(difference!.sloMinutesMissed).toBeGreaterThan(0);
  });

  it('holds pods by their memory where the target is too near to what they need at rest', () => {
    const resting = { ...MODEL, memory: { idle: 220 * MEBIBYTE, perRequest: 0 } };
    const memory = (target: number): NonNullable<HpaSpec['metrics']> => [
      ...hpa().metrics!,
      {
        type: 'Resource',
        resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: target } },
      },
    ];
    const workload = Array.from({ length: 400 }, (_, i) => (i < 100 ? 600 : 60));
    const last = (request: number) =>
      simulate(
        scenario({
          workload,
          model: resting,
          request: { cpu: 250, memory: request * MEBIBYTE },
          hpa: hpa({ metrics: memory(90) }),
        }),
      ).services[0]!.course.replicas.at(-1);
    expect(last(256)).toBeGreaterThan(9);
    expect(last(512)).toBe(2);
  });

  it.each<[string, Parameters<typeof scenario>]>([
    ['services[0].workload is empty', [{ workload: [] }]],
    ['services[0].workload[1] is not a number of at least 0', [{ workload: [1, -1] }]],
    ['services[0].slo is not a number above 0', [{ workload: [1], slo: 0 }]],
    ['services[0].request.cpu is', [{ workload: [1], request: { cpu: 0, memory: 1 } }]],
    ['services[0].model.points is empty', [{ workload: [1], model: { ...MODEL, points: [] } }]],
    [
      'services[0].model.points[1].rate is not above 5',
      [{ workload: [1], model: { ...MODEL, points: [5, 5].map((rate) => ({ rate, p95: 1 })) } }],
    ],
    [
      'nodes.max is not a whole number of at least 1',
      [{ workload: [1] }, { nodes: { ...nodes, max: 0 } }],
    ],
    [
      'services[0].replicas do not fit on the nodes',
      [{ workload: [1], replicas: 20 }, { nodes: { ...nodes, max: 2 } }],
    ],
    [
      'services[0].hpa has the metric queue_length, which is not simulated',
      [
        {
          workload: [1],
          hpa: hpa({
            metrics: [
              {
                type: 'Pods',
                pods: { metric: { name: 'queue_length' }, target: { averageValue: '5' } },
              },
            ],
          }),
        },
      ],
    ],
  ])('names what is wrong: %s', (message, given) => {
    expect(() => simulate(scenario(...given))).toThrow(ScenarioError);
    expect(() => simulate(scenario(...given))).toThrow(message);
  });

  it('compares only runs of the same kind', () => {
    const run = (length: number, name = 'tasks') =>
      simulate(scenario({ workload: new Float64Array(length), name }));
    expect(() => compare(run(5), run(6))).toThrow('different lengths');
    expect(() => compare(run(5), run(5, 'auth'))).toThrow('no service tasks');
  });
});
