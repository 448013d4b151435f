import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Manifest } from './manifests.js';

export const root = resolve(import.meta.dirname, '../../..');

const { helm, NoHelm } = (await import(join(root, 'scripts/lib/helm.mjs'))) as {
  helm: (...args: string[]) => string;
  NoHelm: new () => Error;
};

/** The `describe` of all that needs helm: without it, one line says what is skipped. */
export const describeWithHelm = hasHelm() ? describe : describe.skip;

function hasHelm(): boolean {
  try {
    helm('version', '--short');
    return true;
  } catch (error) {
    if (!(error instanceof NoHelm)) throw error;
    process.stderr.write(`skipped: tests of the charts: ${error.message}\n`);
    return false;
  }
}

export interface Rendering {
  chart?: string;
  release?: string;
  namespace?: string;
  /** Files beside the chart's values.yaml: dev for values-dev.yaml. */
  profiles?: string[];
  values?: Record<string, unknown>;
  kubeVersion?: string;
}

export const PRIMETRADE = 'charts/primetrade';
/** The example of a service of one's own. */
export const NOTES = 'charts/examples/notes';

/** The arguments of helm that stand for a rendering's values. */
function valuesOf({ chart = PRIMETRADE, profiles = [], values }: Rendering): string[] {
  return [
    ...profiles.flatMap((name) => ['--values', join(chart, `values-${name}.yaml`)]),
    ...(values ? ['--set-json', JSON.stringify(values)] : []),
  ];
}

/** What `helm template` prints. */
export function text(rendering: Rendering = {}): string {
  const { chart = PRIMETRADE, release = 'shop', namespace = 'trade', kubeVersion } = rendering;
  return helm(
    ...['template', release, chart, '--namespace', namespace, ...valuesOf(rendering)],
    ...(kubeVersion ? ['--kube-version', kubeVersion] : []),
  );
}

/** What `helm lint --strict` says, when it finds nothing. */
export function lint(rendering: Rendering): string {
  return helm('lint', '--strict', rendering.chart ?? PRIMETRADE, ...valuesOf(rendering));
}

/** The sentences with which values are refused; nothing where they are taken. */
export function refusal(rendering: Rendering): string {
  try {
    text(rendering);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

/** Reads what has been rendered as YAML 1.1, in which more words are no strings than in 1.2. */
export function parsed(rendered: string): Manifest[] {
  return parseAllDocuments(rendered, { version: '1.1' })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0]!;
      return document.toJS() as Manifest | null;
    })
    .filter((manifest) => manifest !== null);
}

const known = new Map<string, Manifest[]>();

/** The manifests of a rendering; the same one is made once in each file of tests. */
export function render(rendering: Rendering = {}): Manifest[] {
  const key = JSON.stringify(rendering);
  const manifests = known.get(key) ?? parsed(text(rendering));
  known.set(key, manifests);
  return manifests;
}

/** A folder with a schema of Kubernetes for each version, or the reason why there is none. */
export function schemas(): { folder?: string; missing?: string } {
  const folder =
    process.env.KUBERNETES_SCHEMAS ??
    join(root, 'node_modules/.cache/primetrade/kubernetes-schemas');
  return existsSync(folder)
    ? { folder }
    : { missing: 'there are no schemas (node scripts/kubernetes-schemas.mjs makes them)' };
}
