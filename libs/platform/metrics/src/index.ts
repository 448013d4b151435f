export { registry, Counter, Gauge, Histogram } from './registry.js';
export { httpMetrics, routeLabel } from './http-metrics.js';
export { MetricsConfig, MetricsServer } from './metrics-server.js';
