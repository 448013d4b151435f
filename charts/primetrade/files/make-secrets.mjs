/**
 * Makes the release's Secret once, in a Job: nothing that is rendered holds a secret, and no upgrade
 * makes a new one. A Secret that exists is never changed; one that lacks keys is an error.
 *
 * SECRET_NAME, SECRET_LABELS (JSON) and SECRET_KEYS (separated by commas) say what is made.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const ATTEMPTS = 30;

const {
  SECRET_NAME,
  SECRET_LABELS,
  SECRET_KEYS,
  KUBERNETES_SERVICE_HOST,
  KUBERNETES_SERVICE_PORT,
} = process.env;
const keys = SECRET_KEYS.split(',');
const namespace = readFileSync(`${MOUNT}/namespace`, 'utf8');
const host = KUBERNETES_SERVICE_HOST.includes(':')
  ? `[${KUBERNETES_SERVICE_HOST}]`
  : KUBERNETES_SERVICE_HOST;
const secrets = `https://${host}:${KUBERNETES_SERVICE_PORT}/api/v1/namespaces/${namespace}/secrets`;

try {
  console.log(await run());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function run() {
  const existing = await call('GET', `${secrets}/${SECRET_NAME}`);
  if (existing.status === 200) return checked(existing.body);
  if (existing.status !== 404) throw refused('be read', existing);
  const made = await call('POST', secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET_NAME, labels: JSON.parse(SECRET_LABELS) },
    // Only characters that mean nothing in an address or to a shell.
    stringData: Object.fromEntries(keys.map((key) => [key, randomBytes(32).toString('base64url')])),
  });
  if (made.status === 201)
    return `Secret ${SECRET_NAME} is made. Keep a copy of it in a safe place.`;
  // Somebody was faster: what is there counts.
  if (made.status === 409) return run();
  throw refused('be made', made);
}

function checked(secret) {
  const missing = keys.filter((key) => !secret.data?.[key]);
  if (missing.length === 0) return `Secret ${SECRET_NAME} exists and stays as it is.`;
  throw new Error(
    `Secret ${SECRET_NAME} exists, but lacks ${missing.join(', ')}. Add what is missing to it, or ` +
      'name another Secret in secrets.existingSecret: this Job never changes one.',
  );
}

function refused(what, { status, body }) {
  return new Error(
    `Secret ${SECRET_NAME} cannot ${what}: the API server says ${status} (${body.message ?? 'no reason'}).`,
  );
}

/** The network of a new pod may take a moment, and so may an API server. */
async function call(method, url, content) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${readFileSync(`${MOUNT}/token`, 'utf8')}`,
          'content-type': 'application/json',
        },
        body: content && JSON.stringify(content),
        signal: AbortSignal.timeout(10_000),
      });
      const body = await response.json();
      if (response.status < 500 && response.status !== 429)
        return { status: response.status, body };
      if (attempt === ATTEMPTS) return { status: response.status, body };
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw new Error(
          `The API server cannot be reached (${error.cause?.message ?? error.message}). Behind ` +
            'NetworkPolicies, secrets.kubernetesApi must hold its addresses and ports.',
          { cause: error },
        );
      }
    }
    await delay(2_000);
  }
}
