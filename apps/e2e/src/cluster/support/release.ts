import { attempt, CHART, kubectl, kubectlJson, run, VALUES } from './commands.js';
import { componentOf, type Deployment, isReady, type List, type Pod } from './kubernetes.js';
import { until } from './until.js';

export const SERVICES = ['web', 'gateway', 'auth', 'tasks', 'profile'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Tag of the images that the cluster has. */
const TAG = process.env['IMAGE_TAG'] ?? 'dev';

export interface InstallOptions {
  /** Values over those of the tests, `key=value` as --set takes them. */
  set?: string[];
  /** More files of values. */
  values?: string[];
  chart?: string;
  timeoutSeconds?: number;
}

/** One release of the chart. */
export class Release {
  constructor(
    readonly name: string,
    readonly namespace: string,
  ) {}

  /**
   * Installs or upgrades, and waits until everything is ready.
   *
   * @returns seconds that it took
   */
  async install(options: InstallOptions = {}): Promise<number> {
    const began = performance.now();
    await run('helm', ['upgrade', '--install', ...this.arguments(options), '--wait']);
    return (performance.now() - began) / 1000;
  }

  /** What it would install. */
  render(options: InstallOptions = {}): Promise<string> {
    return run('helm', ['template', ...this.arguments(options)]);
  }

  /** What helm says when it refuses. */
  async refusal(options: InstallOptions): Promise<string> {
    const { code, stderr } = await attempt('helm', ['template', ...this.arguments(options)]);
    return code === 0 ? '' : stderr;
  }

  test(): Promise<string> {
    return run('helm', ['test', this.name, '--namespace', this.namespace, '--logs']);
  }

  async uninstall(): Promise<void> {
    await run('helm', ['uninstall', this.name, '--namespace', this.namespace, '--wait']);
    await until('its pods are gone', async () => (await this.pods()).length === 0, 120_000);
  }

  /** Pods of services and databases, without those of Jobs and tests. */
  async pods(component?: string): Promise<Pod[]> {
    const selector = `app.kubernetes.io/instance=${this.name}`;
    const { items } = await kubectlJson<List<Pod>>('get', 'pods', ...this.in, '-l', selector);
    return items.filter((pod) =>
      component === undefined ? isLasting(pod) : componentOf(pod) === component,
    );
  }

  async readyPods(component: ServiceName): Promise<Pod[]> {
    return (await this.pods(component)).filter(isReady);
  }

  deployment(component: ServiceName): Promise<Deployment> {
    return kubectlJson('get', 'deployment', `${this.name}-${component}`, ...this.in);
  }

  /** Replaces all pods of services, a service at a time or all at once, and waits until it is done. */
  async restart(components: readonly ServiceName[] = SERVICES): Promise<void> {
    const names = components.map((component) => `deployment/${this.name}-${component}`);
    await kubectl('rollout', 'restart', ...names, ...this.in);
    for (const name of names)
      await kubectl('rollout', 'status', name, ...this.in, '--timeout=240s');
  }

  /**
   * Waits until nothing of what a rollout has replaced runs any more: a rollout is over when its new
   * pods are ready, and the old ones still finish what they have begun.
   */
  async oldPodsAreGone(): Promise<void> {
    await until(
      'the old pods are gone',
      async () =>
        (await this.pods()).every(({ metadata }) => metadata.deletionTimestamp === undefined),
      60_000,
    );
  }

  /** Deletes a pod, as a drain does, without waiting until it has gone. */
  async remove(pod: Pod): Promise<void> {
    await kubectl('delete', 'pod', pod.metadata.name, ...this.in, '--wait=false');
  }

  private get in(): string[] {
    return ['--namespace', this.namespace];
  }

  private arguments({
    set = [],
    values = [],
    chart = CHART,
    timeoutSeconds = 240,
  }: InstallOptions) {
    return [
      this.name,
      chart,
      ...this.in,
      ...[...(chart === CHART ? [VALUES] : []), ...values].flatMap((file) => ['--values', file]),
      ...[`global.image.tag=${TAG}`, ...set].flatMap((pair) => ['--set', pair]),
      `--timeout=${timeoutSeconds}s`,
    ];
  }
}

function isLasting(pod: Pod): boolean {
  return pod.metadata.ownerReferences?.some(({ kind }) => kind !== 'Job') ?? false;
}
