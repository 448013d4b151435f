export { createAccessLogger, createLogger, LoggingConfig } from './logger.js';
export { NestLogger } from './nest-logger.js';
