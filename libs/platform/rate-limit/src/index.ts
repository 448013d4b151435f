export { networkOf } from './network.js';
export { RateLimitConfig } from './rate-limit.config.js';
export { RateLimitGuard } from './rate-limit.guard.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RateLimiter } from './rate-limiter.js';
