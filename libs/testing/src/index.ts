export { checkExpansion, expansionProblems, type ExpansionProblem } from './expansion-rules.js';
export { takeSchemaSnapshot } from './schema-snapshot.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { freePort } from './test-server.js';
export { startTestApp, type TestApp } from './test-app.js';
export { startTestReplica, type TestReplica, type TestReplicaOptions } from './test-replica.js';
export { DURABLE_SETTINGS, startTestServer, type TestServer } from './test-server.js';
