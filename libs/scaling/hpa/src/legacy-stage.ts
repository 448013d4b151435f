import { recordRecommendation } from './memory.js';
import type { LimitedCount } from './limited-count.js';
import type { ControllerMemory } from './types.js';

/**
 * What becomes of the metrics' count without spec.behavior: section 1e of the algorithm. The count
 * is remembered as it came in.
 */
export function applyLegacyRules(
  memory: ControllerMemory,
  now: number,
  current: number,
  desired: number,
  min: number,
  max: number,
  stabilization: number,
): LimitedCount {
  const cutoff = now - stabilization;
  const { recommendations } = memory;
  let stabilized = desired;
  let obsolete = -1;
  for (let i = 0; i < recommendations.length; i++) {
    const entry = recommendations[i]!;
    if (entry.time < cutoff) obsolete = i;
    else if (entry.replicas > stabilized) stabilized = entry.replicas;
  }
  recordRecommendation(memory, obsolete, now, desired);

  const rateLimit = Math.max(2 * current, 4);
  const allowed = Math.min(max, rateLimit);
  let replicas = stabilized;
  let limitedBy: LimitedCount['limitedBy'] = null;
  if (stabilized < min) {
    replicas = min;
    limitedBy = 'TooFewReplicas';
  } else if (stabilized > allowed) {
    replicas = allowed;
    limitedBy = max > rateLimit ? 'ScaleUpLimit' : 'TooManyReplicas';
  }
  return {
    replicas,
    stabilized,
    // Without spec.behavior only a scale-down is ever stabilised.
    stabilizedBy: stabilized === desired ? null : 'ScaleDownStabilized',
    limitedBy,
    rateLimit: stabilized > current ? rateLimit : null,
    policy: -1,
  };
}
