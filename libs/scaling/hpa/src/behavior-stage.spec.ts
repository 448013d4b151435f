import { replayBehavior } from './replay.js';
import type { BehaviorSpec } from './spec.js';

function run(
  behavior: BehaviorSpec | null,
  start: number,
  steps: [dtSec: number, metricDesired: number][],
  bounds: { minReplicas?: number; maxReplicas?: number } = {},
) {
  return replayBehavior({
    id: 'x',
    minReplicas: 1,
    maxReplicas: 100,
    ...bounds,
    startReplicas: start,
    behavior,
    steps: steps.map(([dtSec, metricDesired]) => ({ dtSec, metricDesired })),
  });
}

const pods = (value: number, periodSeconds: number) => ({ type: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds: number) => ({
  type: 'Percent',
  value,
  periodSeconds,
});

describe('spec.behavior', () => {
  it.each([
    [1, 4, 5],
    [2, 4, 6],
    [3, 6, 7],
    [4, 8, 8],
    [10, 20, 20],
  ])('absent is not the same as empty: from %i to %i or %i', (start, absent, empty) => {
    expect(run(null, start, [[0, 100]]).replicas).toEqual([absent]);
    expect(run({}, start, [[0, 100]]).replicas).toEqual([empty]);
  });

  it('remembers what it added within the period, without forgetting at its end', () => {
    const steps: [number, number][] = [
      [0, 100],
      [14, 100],
      [1, 100],
    ];
    // An event that is exactly as old as the period counts no more.
    expect(run({}, 4, steps).replicas).toEqual([8, 8, 16]);
    // Without spec.behavior there is no memory.
    expect(run(null, 4, steps).replicas).toEqual([8, 16, 32]);
  });

  it('takes the policy with the largest change, or with the smallest, or none', () => {
    const policies = [pods(2, 60), percent(100, 60)];
    const up = (selectPolicy: string) =>
      run({ scaleUp: { policies, selectPolicy } }, 10, [[0, 50]]);
    expect(up('Max').replicas).toEqual([20]);
    expect(up('Min').replicas).toEqual([12]);
    expect(up('Disabled')).toMatchObject({
      replicas: [10],
      scalingLimitedReason: ['ScaleUpLimit'],
    });
    const down = (selectPolicy: string) =>
      run({ scaleDown: { policies, selectPolicy, stabilizationWindowSeconds: 0 } }, 10, [[0, 1]]);
    expect(down('Max').replicas).toEqual([1]);
    expect(down('Min')).toMatchObject({ replicas: [8], scalingLimitedReason: ['ScaleDownLimit'] });
    expect(down('Disabled').replicas).toEqual([10]);
  });

  it('loses the fraction of a percentage on the way down', () => {
    const scaleDown = { policies: [percent(90, 60)], stabilizationWindowSeconds: 0 };
    expect(run({ scaleDown }, 10, [[0, 1]])).toMatchObject({
      replicas: [1],
      scalingLimited: [false],
    });
    // 10 × (1 − 0.9) is 0.9999… pods, which are none: the bound decides.
    expect(run({ scaleDown }, 10, [[0, 0]]).scalingLimitedReason).toEqual(['TooFewReplicas']);
  });

  it('reads the events of the other direction with its own period', () => {
    const behavior = {
      scaleUp: { policies: [pods(10, 15)] },
      scaleDown: { policies: [pods(2, 120)], stabilizationWindowSeconds: 0 },
    };
    // 5 were added within the last 120 s: the period began at 10, so it may go down to 8.
    expect(
      run(behavior, 10, [
        [0, 15],
        [60, 1],
      ]).replicas,
    ).toEqual([15, 8]);
  });

  it('overwrites an event that only the other direction still needs', () => {
    const behavior = {
      scaleUp: { policies: [pods(10, 15)] },
      scaleDown: { policies: [pods(2, 120)], stabilizationWindowSeconds: 0 },
    };
    const steps: [number, number][] = [
      [0, 15],
      [16, 16],
      [1, 1],
    ];
    // Two events were added within 120 s (5 and 1), but the second took the slot of the first: the
    // period seems to have begun at 15. With both it would have been 10, so 8.
    expect(run(behavior, 10, steps).replicas).toEqual([15, 16, 13]);
  });

  it('waits for the window of each direction', () => {
    const up = run({ scaleUp: { stabilizationWindowSeconds: 60 } }, 4, [
      [0, 8],
      [30, 8],
      [29, 8],
      [1, 8],
    ]);
    expect(up.replicas).toEqual([4, 4, 4, 8]);
    expect(up.ableToScale).toEqual([
      ...['ScaleUpStabilized', 'ScaleUpStabilized', 'ScaleUpStabilized'],
      'ReadyForNewScale',
    ]);
    const down = run({}, 8, [
      [0, 2],
      [299, 2],
      [1, 2],
    ]);
    expect(down.replicas).toEqual([8, 8, 2]);
    // Without spec.behavior the end of the window still belongs to it.
    expect(
      run(null, 8, [
        [0, 2],
        [300, 2],
        [1, 2],
      ]).replicas,
    ).toEqual([8, 8, 2]);
  });

  it('names the bound that decides', () => {
    expect(run({}, 6, [[0, 50]], { maxReplicas: 8 }).scalingLimitedReason).toEqual([
      'TooManyReplicas',
    ]);
    expect(run({}, 4, [[0, 50]], { maxReplicas: 9 }).scalingLimitedReason).toEqual([
      'ScaleUpLimit',
    ]);
  });
});
