import {
  type HpaSpec,
  InvalidSpecError,
  validateSpec,
  DEFAULT_SETTINGS,
} from '@primetrade/scaling-hpa';
import { isMapping, parsedFile } from '../fields.js';
import { CommandError, type Io } from '../io.js';

const resource = (name: string, averageUtilization: number) => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization } },
});

/** What the chart renders for a service from its defaults. */
export const CHART_SPEC: HpaSpec = {
  minReplicas: 3,
  maxReplicas: 20,
  metrics: [resource('memory', 80), resource('cpu', 70)],
  behavior: {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Percent', value: 100, periodSeconds: 15 },
        { type: 'Pods', value: 4, periodSeconds: 15 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: 300,
      selectPolicy: 'Max',
      policies: [
        { type: 'Percent', value: 25, periodSeconds: 60 },
        { type: 'Pods', value: 1, periodSeconds: 60 },
      ],
    },
  },
};

/**
 * The spec of a HorizontalPodAutoscaler manifest, or a spec by itself.
 *
 * @throws CommandError with all that the API server would refuse
 */
export async function specOf(path: string, io: Io): Promise<HpaSpec> {
  const parsed = await parsedFile(path, io);
  if (!isMapping(parsed)) throw new CommandError(`${path}: not a mapping`);
  const isManifest = parsed['kind'] !== undefined;
  if (isManifest && parsed['kind'] !== 'HorizontalPodAutoscaler') {
    throw new CommandError(`${path}: a ${String(parsed['kind'])}, not a HorizontalPodAutoscaler`);
  }
  const spec = isManifest ? parsed['spec'] : parsed;
  if (!isMapping(spec)) throw new CommandError(`${path}: spec is not a mapping`);
  let problems;
  try {
    problems = validateSpec(spec as unknown as HpaSpec, DEFAULT_SETTINGS);
  } catch (error) {
    throw new CommandError(`${path}: not a spec of an autoscaler: ${(error as Error).message}`);
  }
  if (problems.length > 0) {
    throw new CommandError(`${path}: ${new InvalidSpecError(problems).message}`);
  }
  return spec as unknown as HpaSpec;
}
