export { Cache } from './cache.js';
export { CacheModule } from './cache.module.js';
export { RedisConnection } from './redis-connection.js';
