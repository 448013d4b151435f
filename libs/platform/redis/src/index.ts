export { gather } from './gather.js';
export { type ChannelListener, RedisChannels } from './redis-channels.js';
export { RedisConnection, type RedisClient } from './redis-connection.js';
export { RedisModule } from './redis.module.js';
