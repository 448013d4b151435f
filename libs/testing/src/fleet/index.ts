export { Fleet, type FleetOptions } from './fleet.js';
export { Installation, type InstallationOptions } from './installation.js';
export { ManagedProcess } from './managed-process.js';
export { Nginx, nginxProgram } from './nginx.js';
export { RedisCluster } from './redis-cluster.js';
export { redisProgram, RedisServer } from './redis-server.js';
export { Service, type ServiceKind } from './service.js';
export { TcpProxy } from './tcp-proxy.js';
