import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The scripts of the chart's Valkey cluster, with real servers: each "pod" is a loopback address
 * with files of its own; names are looked up in a folder.
 */
const FILES = resolve(import.meta.dirname, '../charts/primetrade/files/valkey');
const PASSWORD = 'p@:/#%?"\\ x';
const PODS = [0, 1, 2, 3, 4, 5];
const HEAL_MS = 60_000;

const program = ['valkey', 'redis'].find(
  (name) => spawnSync(`${name}-server`, ['--version']).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), 'primetrade-keeper-'));
const running = new Map<number, ChildProcess[]>();
const addresses = new Map<number, string>();

/** What the scripts call, made to fit: the server listens on its pod's address alone. */
const SHIMS = {
  'valkey-server': `exec ${program}-server "$@" --bind "$POD_IP"`,
  'valkey-cli': `case " $* " in *" -h "*) ;; *) set -- -h "$POD_IP" "$@" ;; esac
exec ${program}-cli "$@"`,
  getent: `cat "${folder}/names/\${2%%.*}" 2>/dev/null`,
};

function environment(pod: number): NodeJS.ProcessEnv {
  return {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    POD_NAME: `v-${pod}`,
    POD_IP: addresses.get(pod),
    NODES_DOMAIN: 'v-nodes.test.svc',
    NODES: '6',
    PRIMARIES: '3',
    NODE_TIMEOUT_MS: '2000',
    MAXMEMORY: '32mb',
    REDISCLI_AUTH: PASSWORD,
  };
}

/** @param network third number of the address */
function start(pod: number, network: number): void {
  const own = join(folder, `pod-${pod}`);
  for (const name of ['data', 'tmp']) mkdirSync(join(own, name), { recursive: true });
  for (const name of ['start.sh', 'keep.sh', 'ready.sh', 'stop.sh']) {
    const script = readFileSync(join(FILES, name), 'utf8')
      .replaceAll('/tmp/', `${own}/tmp/`)
      .replaceAll('/data/', `${own}/data/`)
      .replace('dir /tmp', `dir ${own}/tmp`);
    writeFileSync(join(own, name), script);
  }
  addresses.set(pod, `127.18.${network}.${10 + pod}`);
  writeFileSync(join(folder, 'names', `v-${pod}`), `${addresses.get(pod)}\n`);
  const env = environment(pod);
  running.set(
    pod,
    ['start.sh', 'keep.sh'].map((name) => spawn('sh', [join(own, name)], { env, stdio: 'ignore' })),
  );
}

/** As when a node is lost: nobody is told. */
function kill(pod: number, volume: 'kept' | 'lost' = 'kept'): void {
  for (const child of running.get(pod) ?? []) child.kill('SIGKILL');
  running.delete(pod);
  rmSync(join(folder, 'names', `v-${pod}`), { force: true });
  if (volume === 'lost') rmSync(join(folder, `pod-${pod}`, 'data'), { recursive: true });
}

function run(pod: number, script: string): boolean {
  const path = join(folder, `pod-${pod}`, script);
  return spawnSync('sh', [path], { env: environment(pod), stdio: 'ignore' }).status === 0;
}

function lines(pod: number): string[][] {
  const args = ['-h', addresses.get(pod)!, '--no-auth-warning', 'CLUSTER', 'NODES'];
  const env = { ...process.env, REDISCLI_AUTH: PASSWORD };
  try {
    const options = { env, encoding: 'utf8', timeout: 3_000, stdio: 'pipe' } as const;
    const text = execFileSync(`${program}-cli`, args, options);
    return text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' '));
  } catch {
    return [];
  }
}

const isPrimary = ([, , flags]: string[]) => flags!.includes('master');

/** Every pod sees three primaries that have all slots, a replica of each, and nobody else. */
function whole(): boolean {
  return PODS.every((pod) => {
    const nodes = lines(pod);
    const primaries = nodes.filter((node) => isPrimary(node) && node.length > 8);
    const followed = new Set(nodes.filter((node) => !isPrimary(node)).map(([, , , id]) => id));
    return (
      nodes.length === PODS.length &&
      !nodes.some(([, , flags]) => /fail|noaddr|handshake/.test(flags!)) &&
      primaries.length === 3 &&
      primaries.every(([id]) => followed.has(id))
    );
  });
}

async function healed(): Promise<void> {
  const until = performance.now() + HEAL_MS;
  while (!(whole() && PODS.every((pod) => run(pod, 'ready.sh')))) {
    if (performance.now() > until)
      throw new Error(
        lines(1)
          .map((l) => l.join(' '))
          .join('\n'),
      );
    await delay(300);
  }
}

/** Pods that are primaries now. */
function primaries(): number[] {
  return PODS.filter((pod) => lines(pod).some((n) => n[2]!.includes('myself') && isPrimary(n)));
}

(process.platform === 'linux' ? describe : describe.skip)('the keeper of a Valkey cluster', () => {
  beforeAll(async () => {
    if (program === undefined) throw new Error('Install redis-server or valkey-server.');
    for (const name of ['bin', 'names']) mkdirSync(join(folder, name));
    for (const [name, script] of Object.entries(SHIMS)) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    for (const pod of PODS) start(pod, 1);
    await healed();
  }, 90_000);

  afterAll(() => {
    for (const pod of PODS) kill(pod);
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a pod back that has another address', async () => {
    const [pod] = primaries();
    kill(pod!);
    start(pod!, 2);
    await healed();
  }, 90_000);

  it('makes it whole when all pods end at once and come back with other addresses', async () => {
    for (const pod of PODS) kill(pod);
    for (const pod of PODS) start(pod, 3);
    await healed();
  }, 90_000);

  it('takes a pod back that has lost its volume', async () => {
    const [pod] = primaries();
    kill(pod!, 'lost');
    start(pod!, 3);
    await healed();
  }, 90_000);

  it('makes it whole when most primaries lose their volumes, which leaves too few to vote', async () => {
    const lost = primaries().slice(0, 2);
    for (const pod of lost) kill(pod, 'lost');
    for (const pod of lost) start(pod, 3);
    await healed();
  }, 90_000);

  it('gives the slots of a primary and its replica that are lost together to new nodes', async () => {
    const [pod] = primaries();
    const own = lines(pod!).find(([, , flags]) => flags!.includes('myself'))!;
    const replica = PODS.find((other) =>
      lines(other).some((node) => node[2]!.includes('myself') && node[3] === own[0]),
    );
    for (const each of [pod!, replica!]) kill(each, 'lost');
    for (const each of [pod!, replica!]) start(each, 3);
    await healed();
  }, 90_000);

  it('hands over before a primary ends', async () => {
    const [pod] = primaries();
    expect(run(pod!, 'stop.sh')).toBe(true);
    expect(primaries()).not.toContain(pod);
    await healed();
  }, 90_000);
});
