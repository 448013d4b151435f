export { compare, type Difference } from './compare.js';
export { type Dollars, dollarsOf, machineOf, nodesOfStage } from './dollars.js';
export {
  checkModel,
  DEFAULT_METRICS,
  DEFAULT_STEP,
  type LoadPoint,
  type NodeSpec,
  type Scenario,
  ScenarioError,
  type ServiceModel,
  type ServiceScenario,
} from './scenario.js';
export type { ServiceCourse } from './service.js';
export { type SimulatedService, simulate, type Simulation } from './simulate.js';
export type { ServiceSummary } from './summary.js';
export { capacityOf, interpolate, p95Of } from './traffic.js';
export { drawDays, drawSpike, drawStep, type RateSample, resample } from './workload.js';
