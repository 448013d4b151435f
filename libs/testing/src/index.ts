export { createTestDatabase, type TestDatabase } from './test-database.js';
export { startTestApp, type TestApp } from './test-app.js';
export { startTestServer, type TestServer } from './test-server.js';
