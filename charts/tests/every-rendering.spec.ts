import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMBINATIONS, KUBERNETES, PROFILES } from './testing/combinations.js';
import { type Manifest, ofKind } from './testing/manifests.js';
import { wrongNames, wrongScaling, wrongSelectors } from './testing/name-checks.js';
import { wrongBackends } from './testing/edge-checks.js';
import { openEdges, undefendedPods } from './testing/network.js';
import { expectedEdges } from './testing/expected-edges.js';
import {
  brokenReferences,
  insecurePods,
  literalSecrets,
  tokenHolders,
  unboundedContainers,
} from './testing/pod-checks.js';
import { describeWithHelm, lint, NOTES, refusal, render, root, schemas } from './testing/render.js';

/** Kinds that operators bring, for which Kubernetes itself has no schema. */
const CUSTOM = 'Cluster,ScheduledBackup,PodMonitor,ServiceMonitor,PrometheusRule,HTTPRoute';
const NAMESPACE = 'trade';

describeWithHelm.each(Object.entries(COMBINATIONS))('the chart with %s', (_name, rendering) => {
  let manifests: Manifest[];
  beforeAll(() => {
    manifests = render(rendering);
  });

  it('passes helm lint --strict', () => {
    expect(lint(rendering)).toContain('0 chart(s) failed');
  });

  it('has pods that the restricted standard admits', () => {
    expect(insecurePods(manifests)).toEqual([]);
    expect(unboundedContainers(manifests)).toEqual([]);
  });

  it('holds no secret, and nothing that a pod names is missing', () => {
    expect(literalSecrets(manifests)).toEqual([]);
    expect(brokenReferences(manifests)).toEqual([]);
  });

  it('gives a token for the API server to none but the Job that makes the secrets', () => {
    const isNeeded = ofKind(manifests, 'Role').length > 0;
    expect(tokenHolders(manifests)).toEqual(isNeeded ? ['secrets'] : []);
  });

  it('has names that fit, and selectors that never change', () => {
    expect(wrongNames(manifests, NAMESPACE)).toEqual([]);
    expect(wrongSelectors(manifests)).toEqual([]);
  });

  it('has HPAs and disruption budgets that get in nobody’s way', () => {
    expect(wrongScaling(manifests)).toEqual([]);
  });

  it('leads people and Prometheus to ports that are there', () => {
    expect(wrongBackends(manifests)).toEqual([]);
  });

  it('opens the connections of files/edges.yaml, and no other', () => {
    if (ofKind(manifests, 'NetworkPolicy').length === 0) return;
    expect(undefendedPods(manifests)).toEqual([]);
    expect(openEdges(manifests, NAMESPACE)).toEqual(expectedEdges(manifests));
  });
});

describeWithHelm('each chart on each version of Kubernetes', () => {
  const renderings = [...Object.values(COMBINATIONS), { chart: NOTES }];

  it('is the same: no template asks which version it is', () => {
    const asking = ['charts/primetrade', 'charts/primetrade-service', NOTES].flatMap((chart) =>
      readdirSync(join(root, chart, 'templates'), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter((path) => readFileSync(path, 'utf8').includes('.Capabilities')),
    );
    expect(asking).toEqual([]);
  });

  it.each(KUBERNETES)(
    'renders for %s, and its API server takes all that it may render',
    (version) => {
      for (const rendering of [...PROFILES, { chart: NOTES }]) {
        expect(render({ ...rendering, kubeVersion: version })).toEqual(render(rendering));
      }
      validate(
        renderings.flatMap((rendering) => render(rendering)),
        version,
      );
    },
    // On a machine that does other things too.
    120_000,
  );

  it('is refused by versions that lack what it needs', () => {
    expect(refusal({ kubeVersion: '1.29.0' })).toContain('incompatible with Kubernetes');
  });
});

/** Against Kubernetes' own schemas, with kubeconform; one line says where it can't. */
function validate(manifests: Manifest[], kubeVersion: string) {
  const { folder, missing } = schemas();
  if (folder === undefined) return skip(missing!);
  const version = kubeVersion.split('.').slice(0, 2).join('.');
  const location = join(folder, version, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
  const input = [...new Set(manifests.map((manifest) => JSON.stringify(manifest)))].join('\n---\n');
  const { error, status, stdout } = spawnSync(
    process.env.KUBECONFORM ?? 'kubeconform',
    ['-strict', '-skip', CUSTOM, '-schema-location', location, '-'],
    { input, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (error) return skip(`kubeconform cannot be run (${error.message})`);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}

let hasSaid = false;

function skip(reason: string) {
  if (!hasSaid) process.stderr.write(`skipped: schemas of Kubernetes for the charts: ${reason}\n`);
  hasSaid = true;
}
