/**
 * Writes docs/openapi.json from the app itself. With --check it writes nothing and fails when the
 * committed document is not what the app serves.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../docs/openapi.json');

const { createApp, openApiDocument } = await import('@primetrade/platform-bootstrap');
const { AppModule } = await import('../apps/standalone/dist/app.module.js');

// The document comes from the routes alone: nothing listens and nothing connects.
const app = await createApp({
  name: 'openapi',
  module: AppModule,
  env: {
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    AUTH_SECRET: 'only to describe the routes; nothing is signed with it',
    LOG_LEVEL: 'silent',
  },
});
const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
  console.log(`Wrote docs/openapi.json.`);
} else if (readFileSync(file, 'utf8') === text) {
  console.log('docs/openapi.json is what the app serves.');
} else {
  console.error('docs/openapi.json is not what the app serves. Run: npm run openapi');
  process.exitCode = 1;
}
// Timers of a process that was never started may still be pending.
process.exit();
