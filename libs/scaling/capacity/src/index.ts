export {
  nextRun,
  type RunOutcome,
  type Search,
  type SearchOptions,
  startSearch,
} from './capacity-search.js';
export {
  type PercentileInterval,
  percentileInterval,
  requestsToSupport,
  supportedSuccess,
} from './evidence.js';
export {
  cpuRequest,
  growthWithin,
  hpaTarget,
  type LoadStep,
  type ReactionLag,
  totalLag,
} from './hpa-target.js';
export { checkLittle, type LittleCheck, rateOfUsers } from './little.js';
export {
  addMemorySample,
  addOutOfMemory,
  createMemoryHistogram,
  type MemoryAdvice,
  memoryAdvice,
  type MemoryHistogram,
} from './memory-advice.js';
export { checkPoolBudget, type PoolBudget, poolSize, type PoolVerdict } from './pool.js';
export {
  erlangC,
  maxUtilization,
  meanWait,
  mm1MaxUtilization,
  mm1P95,
  responsePercentile,
  type ServerGroup,
} from './queueing.js';
export {
  concurrencyFor,
  fitUsl,
  MIN_USL_POINTS,
  throughputAt,
  type UslFit,
  type UslPoint,
} from './usl.js';
