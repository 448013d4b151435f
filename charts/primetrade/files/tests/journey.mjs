/**
 * `helm test`: what a person does first, through the gateway at BASE_URL. Makes an account, writes a
 * task, reads it back, and deletes the account with all that is in it.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const base = process.env.BASE_URL;
const password = `helm-test-${randomUUID()}`;
const title = `Made by helm test ${randomUUID()}`;
let token;

await reachable();
const account = await call('POST', '/api/v1/auth/register', [201], {
  email: `helm-test-${randomUUID()}@example.com`,
  name: 'helm test',
  password,
});
token = account.accessToken;
try {
  const task = await call('POST', '/api/v1/tasks', [201], { title });
  const read = await call('GET', `/api/v1/tasks/${task.id}`, [200]);
  if (read.title !== title) fail(`The task came back as ${JSON.stringify(read.title)}.`);
  await call('GET', '/api/v1/profile', [200]);
} finally {
  await call('DELETE', '/api/v1/profile', [202, 204], { password });
}
console.log('Signed up, wrote a task, read it back, and deleted the account.');

/** The network of a new pod may take a moment. */
async function reachable() {
  for (let attempt = 1; attempt < 10; attempt += 1) {
    const ready = await fetch(`${base}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await delay(2_000);
  }
}

async function call(method, path, expected, content) {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(content && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
    },
    body: content && JSON.stringify(content),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  console.log(`${method} ${path.replace(/[0-9a-f-]{36}/, ':id')}: ${response.status}`);
  if (!expected.includes(response.status)) {
    fail(`${method} ${path} should answer with ${expected.join(' or ')}: ${text.slice(0, 500)}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

function fail(sentence) {
  throw new Error(sentence);
}
