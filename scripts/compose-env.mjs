/**
 * `npm run compose:env`: makes .env, from which `docker compose` takes what must not stand in
 * compose.yaml. It is made once and never overwritten: these secrets belong to the data in the
 * volumes.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../.env'));

const SECRETS = {
  AUTH_SECRET: 'Root of the keys of sessions and second factors. Keep a copy: losing it ends all.',
  SERVICE_SECRET: 'Signs what the services say to each other.',
  POSTGRES_PASSWORD: 'Of the database: its superuser,',
  APPLICATION_PASSWORD: 'the services,',
  REPLICATION_PASSWORD: 'and the replica.',
  VALKEY_PASSWORD: 'Of the cache.',
  GRAFANA_PASSWORD: 'Of the user admin in Grafana, with compose.monitoring.yaml.',
};

const lines = Object.entries(SECRETS).flatMap(([name, comment]) => [
  `# ${comment}`,
  // Only characters that mean nothing in an address or to a shell.
  `${name}=${randomBytes(32).toString('base64url')}`,
]);

try {
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  process.stdout.write(`Made ${file}. Keep a copy of it in a safe place.\n`);
} catch (error) {
  if (error.code === 'EEXIST') process.stdout.write(`${file} exists already and stays as it is.\n`);
  else {
    process.stderr.write(`${file} cannot be written: ${error.message}\n`);
    process.exitCode = 1;
  }
}
