/**
 * The health check of our images, which have no curl: exits with 0 when GET of the path given
 * answers 200, and else with 1.
 *
 *   node healthcheck.mjs /health
 */
import { get } from 'node:http';

const TIMEOUT_MS = 3_000;

const request = get({
  host: '127.0.0.1',
  port: process.env.PORT,
  path: process.argv[2],
  agent: false,
  timeout: TIMEOUT_MS,
});
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
