import type { Stage } from '@primetrade/scaling-cost';
import { dollarsOf, machineOf, nodesOfStage } from './dollars.js';
import { simulate } from './simulate.js';
import { MEBIBYTE, scenario } from './testing/scenarios.js';

const machine = { price: 30, capacity: { cpu: 2000, memory: 4096 * MEBIBYTE } };
const stage: Stage = {
  title: 'Growth',
  phase: 2,
  lines: [
    {
      service: 'Compute',
      provider: 'Somebody',
      parts: [{ item: machine, itemName: 'machine', quantity: 3, scales: true }],
    },
    {
      service: 'Database',
      provider: 'Somebody',
      parts: [{ item: { price: 120, capacity: null }, itemName: 'db', quantity: 1, scales: false }],
    },
  ],
};
const fixed: Stage = { ...stage, lines: stage.lines.slice(1) };

describe('dollars', () => {
  const nodes = nodesOfStage(stage, { min: 2, max: 9, provision: 60, idle: 600 });
  const quiet = scenario({ workload: new Float64Array(4 * 1461).fill(60) }, { nodes });

  it('are the fixed lines and the nodes that were paid', () => {
    const dollars = dollarsOf(quiet, simulate(quiet), stage);
    expect(dollars.month).toBe(120 + 2 * 30);
    // A day and a bit of 30.4.
    expect(dollars.run).toBeCloseTo((180 * 24.35) / 730.5, 2);
    // 2 pods are on one machine, 20 on three.
    expect(dollars.band).toMatchObject({ floor: 150, expected: 150, ceiling: 210, fixed: 120 });
  });

  it('do not follow pods where nothing scales', () => {
    expect(machineOf(fixed)).toBeNull();
    expect(nodesOfStage(fixed, { min: 1, max: 2, provision: 0, idle: 0 })).toBeNull();
    const unlimited = { ...quiet, nodes: null };
    expect(dollarsOf(unlimited, simulate(unlimited), fixed)).toMatchObject({
      month: 120,
      band: { floor: 120, ceiling: 120, machines: null },
    });
  });
});
