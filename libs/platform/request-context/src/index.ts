export {
  currentRequest,
  remainingMs,
  type RequestContext,
  runForRequest,
} from './request-context.js';
