export { Cache, type CacheOptions } from './cache.js';
export { CacheModule } from './cache.module.js';
