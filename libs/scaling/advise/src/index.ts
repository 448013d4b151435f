export { type Advice, advise, OBJECTIVES, type ServiceAdvice, type Verdict } from './advise.js';
export type { Bottleneck, BottleneckKind, Busy } from './bottleneck.js';
export {
  type Confidence,
  type Evidence,
  type Point,
  type ServiceEvidence,
  type Settings,
  UNMEASURED,
} from './evidence.js';
export type { Cost, Forecast } from './forecast.js';
export { overlayOf } from './overlay.js';
export type { Sizing } from './sizing.js';
export { cores, mebibytes, milliseconds, moment, number, percent } from './words.js';
