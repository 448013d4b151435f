export { createLogger, LoggingConfig } from './logger.js';
export { NestLogger } from './nest-logger.js';
