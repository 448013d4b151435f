import type { RecordedPod, RecordedSample } from './recording.js';
import type { Metric, PodReading, PodState, Sample } from './types.js';

const SECOND = 1000;

/** Pods as the selector found them at a time. */
export function podsAt(recorded: readonly RecordedPod[], now: number): PodState[] {
  return recorded.map((pod) => ({
    name: pod.name,
    phase: pod.phase,
    deleted: pod.deleted ?? false,
    ready: pod.ready ?? null,
    readyTransition: now - (pod.readyTransitionAgeSec ?? 0) * SECOND,
    startTime: typeof pod.startAgeSec === 'number' ? now - pod.startAgeSec * SECOND : null,
  }));
}

/** What the metrics API said of each pod for a metric. */
export function readingAt(
  recorded: readonly RecordedPod[],
  now: number,
  { kind, name }: Pick<Metric, 'kind' | 'name'>,
): PodReading {
  const key = kind === 'Pods' ? 'custom' : name === 'memory' ? 'memory' : 'cpu';
  return {
    kind: 'pods',
    samples: recorded.map((pod) => sampleAt(pod[key], now)),
    strangers: [],
    requests: recorded.map((pod) =>
      key === 'memory' ? (pod.memRequestMilli ?? null) : (pod.cpuRequestMilli ?? null),
    ),
  };
}

function sampleAt(sample: RecordedSample | null | undefined, now: number): Sample | null {
  return sample
    ? {
        value: sample.valueMilli,
        timestamp: now - sample.ageSec * SECOND,
        window: sample.windowSec * SECOND,
      }
    : null;
}
