export { createApp, type AppOptions } from './create-app.js';
export { runService } from './run-service.js';
export { ServiceConfig } from './service.config.js';
export { ServerConfig } from './server.config.js';
export { bodyLimitOf } from './bodies.js';
export { type ApiDocument, openApiDocument } from './openapi.js';
