import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, type Io } from '../io.js';
import { primetrade } from '../testing/primetrade.js';
import { temporaryFiles } from '../testing/temporary-files.js';
import { openEngine } from './engine.js';

const { file, pathOf } = temporaryFiles();
const path = process.env['PATH']!;
afterEach(() => (process.env['PATH'] = path));

/** Puts a program of that name before the real one; what it was called with is written down. */
function fake(program: string, script: string): { calls: () => Call[] } {
  const log = file(`${program}.log`, '');
  const body = `#!${process.execPath}
    const { appendFileSync, readFileSync, writeSync } = require('node:fs');
    const args = process.argv.slice(2);
    const call = { args, secret: process.env.AUTH_SECRET, text: '' };
    const read = () => (call.text = readFileSync(0, 'latin1'));
    const out = (text) => writeSync(1, Buffer.from(text, 'latin1'));
    ${script}
    appendFileSync(${JSON.stringify(log)}, JSON.stringify(call) + '\\n');`;
  chmodSync(file(program, body), 0o755);
  process.env['PATH'] = `${pathOf('.')}:${path}`;
  return {
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Call),
  };
}

interface Call {
  args: string[];
  secret?: string;
  text: string;
}

const io: Io = { write: () => undefined, complain: () => undefined, readInput: async () => '' };
const { signal } = new AbortController();
/** Every byte, as a terminal in between would change some. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, n) => n)).toString('latin1');

async function withOpen<T>(name: string, flags: string, use: (fd: number) => Promise<T>) {
  const fd = openSync(name, flags);
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

describe('compose', () => {
  it('runs the migrate service without a terminal, byte for byte', async () => {
    const docker = fake('docker', `out(${JSON.stringify(BYTES)});`);
    const engine = await openEngine({ compose: true }, 'backup', io, signal);
    const to = pathOf('out');
    const { code } = await withOpen(to, 'w', (output) => engine.run(['backup'], { output }));
    expect(code).toBe(0);
    expect(readFileSync(to, 'latin1')).toBe(BYTES);
    expect(docker.calls().map(({ args }) => args.join(' '))).toEqual([
      'compose run --rm --no-TTY migrate apps/migrate/dist/main.js backup',
    ]);
  });

  it('gives a restore the secret that auth has, and never as an argument', async () => {
    const configuration = { services: { auth: { environment: { AUTH_SECRET: 'of compose' } } } };
    const docker = fake(
      'docker',
      `if (args[1] === 'config') out(${JSON.stringify(JSON.stringify(configuration))});
       else { read(); out('{}'); }`,
    );
    const engine = await openEngine({ compose: true }, 'restore', io, signal);
    const from = file('in', 'an archive');
    const ended = await withOpen(from, 'r', (input) => engine.run(['restore'], { input }));
    expect(ended).toMatchObject({ code: 0, output: '{}' });
    const [, { args, secret, text }] = docker.calls() as [Call, Call];
    expect({ secret, text }).toEqual({ secret: 'of compose', text: 'an archive' });
    expect(args.join(' ')).toBe(
      'compose run --rm --no-TTY --env AUTH_SECRET migrate apps/migrate/dist/main.js restore',
    );
  });

  it('says when there is no docker', async () => {
    process.env['PATH'] = pathOf('nowhere');
    const engine = await openEngine({ compose: true }, 'backup', io, signal);
    await expect(engine.run(['backup'], {})).rejects.toThrow('docker is not installed here');
  });
});

describe('kubernetes', () => {
  const labels = {
    'app.kubernetes.io/name': 'primetrade',
    'app.kubernetes.io/instance': 'blue',
    'app.kubernetes.io/component': 'migrate',
  };
  const job = (created: string, image: string, instance = 'blue') => ({
    metadata: {
      name: `migrate-${image}`,
      creationTimestamp: created,
      labels: { ...labels, 'app.kubernetes.io/instance': instance },
    },
    spec: {
      template: {
        metadata: {
          labels: { ...labels, 'controller-uid': 'x', 'batch.kubernetes.io/job-name': 'y' },
        },
        spec: {
          serviceAccountName: 'someone',
          containers: [
            { name: 'migrate', image, args: ['--contract'], env: [{ name: 'DATABASE_URL' }] },
          ],
          volumes: [{ name: 'ca' }],
        },
      },
    },
  });
  const reference = { secretKeyRef: { name: 'old', key: 'auth-secret' } };
  const auth = {
    spec: {
      template: {
        spec: {
          containers: [{ name: 'auth', env: [{ name: 'AUTH_SECRET', valueFrom: reference }] }],
        },
      },
    },
  };

  function cluster(jobs: object[], more = ''): { calls: () => Call[] } {
    return fake(
      'kubectl',
      `const answers = { jobs: ${JSON.stringify(jobs)}, deployments: ${JSON.stringify([auth])} };
       const kind = args[0] === 'get' ? args[1] : args[0];
       if (kind in answers) out(JSON.stringify({ items: answers[kind] }));
       if (kind === 'create') read();
       if (kind === 'exec') { if (args.includes('--stdin')) read(); out(${JSON.stringify(BYTES)}); }
       ${more}`,
    );
  }
  const verbs = (calls: Call[]) => calls.map(({ args }) => args[0]);
  const jobs = [job('2026-11-01T00:00:00Z', 'old'), job('2026-11-02T00:00:00Z', 'new')];

  it('makes a pod like those of the newest Job, streams through it and removes it', async () => {
    const kubectl = cluster(jobs);
    const engine = await openEngine({ kubernetes: 'here' }, 'backup', io, signal);
    const to = pathOf('out');
    await withOpen(to, 'w', (output) => engine.run(['backup'], { output }));
    await engine.close();
    expect(readFileSync(to, 'latin1')).toBe(BYTES);
    const calls = kubectl.calls();
    expect(verbs(calls)).toEqual(['get', 'create', 'wait', 'exec', 'delete']);
    expect(calls.every(({ args }) => args.join(' ').includes('--namespace here'))).toBe(true);
    const pod = JSON.parse(calls[1]!.text) as { metadata: { name: string }; spec: object };
    expect(pod.metadata).toEqual({
      name: expect.stringMatching(/^primetrade-backup-[0-9a-f]{8}$/),
      labels,
    });
    expect(pod.spec).toMatchObject({
      serviceAccountName: 'someone',
      restartPolicy: 'Never',
      activeDeadlineSeconds: 21_600,
      volumes: [{ name: 'ca' }],
      containers: [
        {
          image: 'new',
          command: ['node', '-e', expect.stringContaining('setTimeout')],
          env: [{ name: 'DATABASE_URL' }],
        },
      ],
    });
    expect(JSON.stringify(pod)).not.toContain('--contract');
    expect(calls[3]!.args).toEqual([
      ...['exec', pod.metadata.name, '--namespace', 'here', '--container', 'migrate', '--'],
      ...['node', 'apps/migrate/dist/main.js', 'backup'],
    ]);
    expect(calls[4]!.args.slice(0, 3)).toEqual(['delete', 'pod', pod.metadata.name]);
  });

  it('gives the pod of a restore the secret of auth by reference', async () => {
    const kubectl = cluster(jobs);
    const engine = await openEngine({ kubernetes: 'here' }, 'restore', io, signal);
    const from = file('in', BYTES.slice(0, 128));
    await withOpen(from, 'r', (input) => engine.run(['restore'], { input }));
    await engine.close();
    const calls = kubectl.calls();
    const created = calls.find(({ args }) => args[0] === 'create')!.text;
    expect(JSON.parse(created)).toMatchObject({
      spec: {
        containers: [
          { env: [{ name: 'DATABASE_URL' }, { name: 'AUTH_SECRET', valueFrom: reference }] },
        ],
      },
    });
    expect(calls.find(({ args }) => args[0] === 'exec')!.text).toBe(BYTES.slice(0, 128));
  });

  it('removes the pod when that does not start, and says why', async () => {
    const pod = {
      status: {
        containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    };
    const kubectl = cluster(
      jobs,
      `if (kind === 'wait') process.exitCode = 1;
       if (kind === 'pod') out(${JSON.stringify(JSON.stringify(pod))});`,
    );
    await expect(openEngine({ kubernetes: 'here' }, 'backup', io, signal)).rejects.toThrow(
      /^The pod primetrade-backup-\w+ has not started \(ImagePullBackOff\)\.$/,
    );
    expect(verbs(kubectl.calls())).toEqual(['get', 'create', 'wait', 'get', 'delete']);
  });

  it('removes the pod and what was written when it is stopped', async () => {
    const kubectl = cluster(jobs, `if (kind === 'exec') setInterval(() => undefined, 1000);`);
    const to = pathOf('stopped');
    const run = primetrade(['backup', '--kubernetes', 'here', '--to', to]);
    while (!verbs(kubectl.calls()).includes('exec')) await delay(20);
    expect(existsSync(`${to}.part`)).toBe(true);
    process.emit('SIGINT');
    expect(await run).toMatchObject({ exitCode: 130, output: '' });
    expect(verbs(kubectl.calls()).at(-1)).toBe('delete');
    expect(existsSync(to) || existsSync(`${to}.part`)).toBe(false);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('wants to know which of several releases, and finds none where there is none', async () => {
    cluster([...jobs, job('2026-11-02T00:00:00Z', 'green', 'green')]);
    await expect(openEngine({ kubernetes: 'here' }, 'backup', io, signal)).rejects.toMatchObject({
      message: 'There are several releases in here (blue, green): name one with --release.',
      exitCode: EXIT.usage,
    });
    cluster([]);
    await expect(
      openEngine({ kubernetes: 'here', release: 'red' }, 'backup', io, signal),
    ).rejects.toThrow('no migrate Job of PrimeTrade in the namespace here of a release red');
  });
});

it.each([
  [['backup'], '--to is missing'],
  [['backup', '--compose', '--from', '.data', '--to', 'x'], 'cannot be used with option'],
  [['backup', '--compose', '--kubernetes', 'here', '--to', 'x'], 'cannot be used with option'],
  [['restore'], "missing required argument 'file'"],
  [['restore', 'x'], 'Say where to: --to a new data folder'],
  [['restore', 'x', '--to', 'y', '--kubernetes', 'here'], 'cannot be used with option'],
])('says what is wrong with the arguments %p', async (args, problem) => {
  const { exitCode, output, complaints } = await primetrade(args);
  expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
  expect(complaints).toMatch(problem);
});
