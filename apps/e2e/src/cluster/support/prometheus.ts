import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kubectl } from './commands.js';

/** Service of the Prometheus that the operator runs, as the API server's proxy names it. */
const SERVICE = process.env['CLUSTER_PROMETHEUS'] ?? 'monitoring/services/prometheus-operated:9090';

/** Where the API server passes on to it. */
export const PROXIED = `/api/v1/namespaces/${SERVICE}/proxy`;

export interface Target {
  labels: Record<string, string>;
  health: string;
  lastError: string;
}

interface Rule {
  name: string;
  type: 'alerting' | 'recording';
  health: string;
  lastError?: string;
  state?: 'inactive' | 'pending' | 'firing';
  alerts?: { state: string; labels: Record<string, string> }[];
}

export interface RuleGroup {
  name: string;
  /** Ends in <namespace>-<PrometheusRule>-<uid>.yaml. */
  file: string;
  rules: Rule[];
}

export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** Asks Prometheus through the API server. */
async function ask<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
  const query = new URLSearchParams(parameters).toString();
  const answer = await kubectl(...['get', '--raw', `${PROXIED}/api/v1/${path}?${query}`]);
  return (JSON.parse(answer) as { data: T }).data;
}

export async function query(expression: string): Promise<Sample[]> {
  return (await ask<{ result: Sample[] }>('query', { query: expression })).result;
}

/** Whether anything shows this metric, be it without a sample yet. */
export async function isKnown(metric: string): Promise<boolean> {
  const family = metric.replace(/_(count|sum|bucket)$/, '');
  return Object.keys(await ask<object>('metadata', { metric: family })).length > 0;
}

/** What is scraped in a namespace. */
export async function targets(namespace: string): Promise<Target[]> {
  const { activeTargets } = await ask<{ activeTargets: Target[] }>('targets', { state: 'active' });
  return activeTargets.filter(({ labels }) => labels['namespace'] === namespace);
}

/** Rules that come from a namespace. */
export async function ruleGroups(namespace: string): Promise<RuleGroup[]> {
  const { groups } = await ask<{ groups: RuleGroup[] }>('rules');
  return groups.filter(({ file }) => file.includes(`/${namespace}-`));
}

/** The API server on a port of this machine, for commands that cannot sign in to it. */
export async function apiProxy(): Promise<AsyncDisposable & { url: string }> {
  const child = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => {
      throw new Error('kubectl proxy ended at once: see above.');
    }),
  ])) as [Buffer];
  const [, address] = /serve on (\S+)/.exec(line.toString())!;
  return {
    url: `http://${address}`,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}
