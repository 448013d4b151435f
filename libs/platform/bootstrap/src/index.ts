export { createApp, type AppOptions } from './create-app.js';
export { runService } from './run-service.js';
export { ServiceConfig } from './service.config.js';
export { ServerConfig } from './server.config.js';
export { openApiDocument } from './openapi.js';
