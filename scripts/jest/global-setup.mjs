import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** Starts what medium tests share: a real PostgreSQL, and Redis where it is installed. */
export default async function setup() {
  if (process.env.TEST_TIER === 'unit') return;
  const { startTestServer } = await import('../../libs/testing/src/test-server.ts');
  const stops = [];
  const postgres = await startTestServer();
  stops.push(() => postgres.stop());
  process.env.PRIMETRADE_TEST_POSTGRES = postgres.url;

  const command = ['valkey-server', 'redis-server'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  );
  if (command === undefined) {
    process.stderr.write(
      'skipped: tests with a real Redis (install redis-server or valkey-server)\n',
    );
  } else {
    const port = await freePort();
    const redis = spawn(
      command,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    );
    const exited = new Promise((resolve) => redis.once('exit', resolve));
    stops.push(async () => {
      redis.kill('SIGTERM');
      await exited;
    });
    process.env.PRIMETRADE_TEST_REDIS = `redis://127.0.0.1:${port}`;
  }
  globalThis.stopTestServers = async () => {
    for (const stop of stops) await stop();
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
