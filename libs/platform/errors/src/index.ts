export { AppError, type AppErrorOptions } from './app-error.js';
export { ProblemFilter } from './problem.filter.js';
export { toProblem, PROBLEM_CONTENT_TYPE } from './problem.js';
