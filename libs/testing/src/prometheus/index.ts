export * from './fake-prometheus.js';
export * from './fake-server.js';
export * from './system.js';
