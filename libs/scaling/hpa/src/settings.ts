import type { ControllerSettings } from './types.js';

/** What the controller manager of Kubernetes 1.35 uses unless a flag says otherwise. */
export const DEFAULT_SETTINGS: ControllerSettings = {
  tolerance: 0.1,
  cpuInitializationPeriod: 300_000,
  initialReadinessDelay: 30_000,
  downscaleStabilization: 300_000,
  scaleToZero: false,
};
