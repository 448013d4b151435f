export { RedisConnection, type RedisClient } from './redis-connection.js';
export { RedisModule } from './redis.module.js';
