export { reportError, startTracing } from './tracing.js';
