import { replayBehavior, replayCalc, replayTrace } from './replay.js';
import { recordedBehavior, recordedCalc, recordedTraces } from './testing/recordings.js';

// Recorded from the controller of Kubernetes 1.35 under a virtual clock.
describe('the recordings', () => {
  it('agree with the metric stage', () => {
    const cases = recordedCalc();
    expect(cases.length).toBeGreaterThan(100);
    expect(cases.map(replayCalc)).toEqual(
      cases.map((recorded) => ({
        id: recorded.id,
        replicas: recorded.expectedReplicas,
        ...(recorded.expectedUtilization !== undefined && {
          utilization: recorded.expectedUtilization,
        }),
        ...(recorded.expectedUsageMilli !== undefined && { average: recorded.expectedUsageMilli }),
        ...(recorded.expectedError !== undefined && { error: recorded.expectedError }),
      })),
    );
  });

  it.each(recordedBehavior().map((recorded) => [recorded.id, recorded] as const))(
    'agree with stabilisation and limits: %s',
    (_id, recorded) => {
      const { steps } = recorded;
      expect(replayBehavior(recorded)).toEqual({
        id: recorded.id,
        replicas: steps.map(({ expected }) => expected),
        ableToScale: steps.map(({ ableToScaleReason }) => ableToScaleReason),
        scalingLimited: steps.map(({ scalingLimited }) => scalingLimited),
        scalingLimitedReason: steps.map(({ scalingLimitedReason }) => scalingLimitedReason),
      });
    },
  );

  it.each(recordedTraces().map((trace) => [trace.name, trace] as const))(
    'agree with whole reconciles: %s',
    (_name, trace) => {
      const { ticks } = trace;
      expect(replayTrace(trace)).toEqual({
        name: trace.name,
        replicas: ticks.map(({ expectedSpecReplicas }) => expectedSpecReplicas),
        conditions: ticks.map(({ expectedConditions }) => expectedConditions),
        error: ticks.map(({ expectedError }) => expectedError ?? false),
      });
    },
  );
});
