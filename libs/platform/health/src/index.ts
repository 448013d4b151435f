export { Drain } from './drain.js';
export { HealthModule } from './health.module.js';
export { Degraded, ReadinessRegistry, type ReadinessCheck } from './readiness.registry.js';
