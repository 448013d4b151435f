import { randomBytes } from 'node:crypto';
import { CommandError, EXIT, type Io } from '../io.js';
import { runChild } from './child.js';
import type { Engine } from './shape.js';
import { type Job, type Pod, podOf, releaseOf, secretEntryOf } from './pod.js';

const SELECTOR = 'app.kubernetes.io/name=primetrade';
const START = '180s';

/** Runs apps/migrate in a pod like those of the release's migrate Job, which is removed. */
export async function openKubernetes(
  namespace: string,
  release: string | undefined,
  work: 'backup' | 'restore',
  io: Io,
  signal: AbortSignal,
): Promise<Engine> {
  const kubectl = kubectlIn(namespace, io, signal);
  const job = await newestJob(kubectl, namespace, release);
  const secret = work === 'restore' ? await secretEntry(kubectl, releaseOf(job)) : undefined;
  const name = `primetrade-${work}-${randomBytes(4).toString('hex')}`;
  const close = async () => {
    // Not stopped by what has stopped the rest.
    await kubectlIn(
      namespace,
      io,
    )([...['delete', 'pod', name, '--ignore-not-found', '--wait=false', '--grace-period=1']]);
  };
  try {
    await kubectl(['create', '-f', '-'], JSON.stringify(podOf(job, name, secret)));
    await started(kubectl, name);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return {
    run: (args, streams) =>
      runChild(
        'kubectl',
        [
          ...['exec', ...(streams.input === undefined ? [] : ['--stdin']), name],
          ...['--namespace', namespace, '--container', 'migrate', '--'],
          ...['node', 'apps/migrate/dist/main.js', ...args],
        ],
        { ...streams, io, signal },
      ),
    close,
  };
}

type Kubectl = (args: readonly string[], text?: string) => Promise<string>;

function kubectlIn(namespace: string, io: Io, signal?: AbortSignal): Kubectl {
  return async (args, text) => {
    const { code, output, errors } = await runChild(
      'kubectl',
      [...args, '--namespace', namespace],
      { text, io, signal, quiet: true },
    );
    if (code === EXIT.interrupted) throw new CommandError('Stopped.', code);
    if (code !== 0) throw new CommandError(`kubectl: ${errors.trim()}`, code);
    return output;
  };
}

/** The Job that has run last, whose image and settings are those of the release now. */
async function newestJob(
  kubectl: Kubectl,
  namespace: string,
  release: string | undefined,
): Promise<Job> {
  const selector = [
    SELECTOR,
    'app.kubernetes.io/component=migrate',
    ...(release === undefined ? [] : [`app.kubernetes.io/instance=${release}`]),
  ].join();
  const listed = await kubectl(['get', 'jobs', '--selector', selector, '--output', 'json']);
  const jobs = (JSON.parse(listed) as { items: Job[] }).items;
  const releases = [...new Set(jobs.map(releaseOf))];
  if (releases.length > 1) {
    throw new CommandError(
      `There are several releases in ${namespace} (${releases.join(', ')}): name one with --release.`,
      EXIT.usage,
    );
  }
  const [newest] = jobs.sort((a, b) => time(b) - time(a));
  if (newest !== undefined) return newest;
  throw new CommandError(
    `There is no migrate Job of PrimeTrade in the namespace ${namespace}${release === undefined ? '' : ` of a release ${release}`}: name the namespace that it was installed into.`,
  );
}

function time({ metadata }: Job): number {
  return Date.parse(metadata.creationTimestamp);
}

/** AUTH_SECRET as the release's auth gets it. */
async function secretEntry(kubectl: Kubectl, release: string) {
  const selector = `${SELECTOR},app.kubernetes.io/instance=${release},app.kubernetes.io/component=auth`;
  const listed = await kubectl(['get', 'deployments', '--selector', selector, '--output', 'json']);
  return secretEntryOf(JSON.parse(listed) as Parameters<typeof secretEntryOf>[0]);
}

async function started(kubectl: Kubectl, name: string): Promise<void> {
  try {
    await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, `--timeout=${START}`]);
  } catch (error) {
    if ((error as CommandError).exitCode === EXIT.interrupted) throw error;
    const pod = JSON.parse(await kubectl(['get', 'pod', name, '--output', 'json'])) as Pod;
    throw new CommandError(`The pod ${name} has not started (${reasonOf(pod)}).`);
  }
}

function reasonOf({ status }: Pod): string {
  const waiting = status?.containerStatuses?.[0]?.state?.waiting;
  const condition = status?.conditions?.find(({ message }) => message !== undefined);
  return waiting?.message ?? waiting?.reason ?? condition?.message ?? status?.phase ?? 'unknown';
}
