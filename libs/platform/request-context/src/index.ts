export {
  currentRequest,
  outsideOfRequest,
  remainingMs,
  type RequestContext,
  runForRequest,
} from './request-context.js';
export { withoutDeadline } from './without-deadline.js';
