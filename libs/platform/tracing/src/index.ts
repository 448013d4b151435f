export { startTracing } from './tracing.js';
