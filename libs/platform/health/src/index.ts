export { HealthModule } from './health.module.js';
export { ReadinessRegistry, type ReadinessCheck } from './readiness.registry.js';
