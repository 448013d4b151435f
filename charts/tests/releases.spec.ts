import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORES } from './testing/combinations.js';
import {
  identity,
  type Labels,
  type Manifest,
  matches,
  ofKind,
  type Pod,
  podsOf,
  type PolicySpec,
  type ServiceSpec,
} from './testing/manifests.js';
import { wrongNames, wrongSelectors } from './testing/name-checks.js';
import {
  describeWithHelm,
  parsed,
  PRIMETRADE,
  render,
  type Rendering,
  root,
  text,
} from './testing/render.js';

const CLUSTERS = STORES['postgresql cloudnativepg, valkey cluster']!;

/** What would restart pods, or run a Job again, if it changed. */
function restarts(manifests: Manifest[]) {
  return podsOf(manifests)
    .filter(({ owner }) => owner.kind !== 'Pod')
    .map(({ owner, metadata, spec }: Pod) => [identity(owner), metadata, spec]);
}

describeWithHelm('two renders', () => {
  it.each([
    ['by default', {}],
    ['with all operators', { profiles: ['1m'] }],
  ])('are byte for byte the same: %s', (_name, rendering) => {
    expect(text(rendering)).toBe(text(rendering));
  });
});

describeWithHelm('no pod is restarted and no Job runs again', () => {
  it.each([
    ['by default', {}],
    ['with clusters', CLUSTERS],
  ])('when only labels change: %s', (_name, { values = {} }: Rendering) => {
    const labelled = render({ values: { ...values, global: { labels: { team: 'blue' } } } });
    const bare = labelled.filter(({ metadata }) => metadata.labels?.team !== 'blue');
    expect(bare.map(identity)).toEqual([]);
    expect(restarts(labelled)).toEqual(restarts(render({ values })));
  });

  it('when only the version of the chart changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chart-'));
    try {
      const chart = join(folder, 'primetrade');
      cpSync(join(root, PRIMETRADE), chart, { recursive: true, dereference: true });
      const file = join(chart, 'Chart.yaml');
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/^version: .*$/m, 'version: 9.8.7+build'),
      );
      const next = parsed(text({ chart }));
      expect(next[0]!.metadata.labels!['helm.sh/chart']).toBe('primetrade-9.8.7_build');
      expect(restarts(next)).toEqual(restarts(render()));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('but what a Job does is in its name', () => {
    const jobs = (rendering: Rendering) =>
      ofKind(render(rendering), 'Job').map(({ metadata }) => metadata.name);
    const before = jobs({});
    expect(before).toHaveLength(2);
    const [migrate] = jobs({ values: { migrate: { rerun: 'once more' } } }).filter(
      (name) => !before.includes(name),
    );
    expect(migrate).toMatch(/^shop-migrate-[0-9a-f]{8}$/);
    const images = jobs({ values: { global: { image: { tag: '2.0.0' } } } });
    expect(images.filter((name) => before.includes(name))).toEqual([]);
  });
});

/** Labels by which Services and policies find pods. */
function selectors(manifests: Manifest[]): Labels[] {
  return [
    ...ofKind<ServiceSpec>(manifests, 'Service').map(({ spec }) => spec.selector),
    ...ofKind<PolicySpec>(manifests, 'NetworkPolicy').map(
      ({ spec }) => spec.podSelector.matchLabels,
    ),
  ];
}

const LONG = 'r'.repeat(52);

describeWithHelm('two releases in one namespace', () => {
  it.each([
    ['shop', 'shop-web'],
    ['shop', 'shop-tasks'],
    ['a', 'b'],
    // The longest names that Helm takes; they differ in what has to be cut.
    [`${LONG}1`, `${LONG}2`],
  ])('share nothing: %s and %s', (one, other) => {
    for (const stores of [{}, CLUSTERS]) {
      const [first, second] = [one, other].map((release) => render({ ...stores, release }));
      const names = new Set(first!.map(identity));
      expect(second!.map(identity).filter((name) => names.has(name))).toEqual([]);
      const pods = podsOf(first!).map(({ metadata }) => metadata.labels);
      expect(pods.length).toBeGreaterThan(8);
      for (const selector of selectors(second!)) {
        expect(pods.filter((labels) => matches(selector, labels))).toEqual([]);
      }
    }
  });
});

describeWithHelm('a release', () => {
  it.each([
    ['by default', {}],
    ['with clusters', CLUSTERS],
  ])('may have a name of 53 characters: %s', (_name, stores) => {
    const manifests = render({ ...stores, release: `${LONG}x` });
    expect(wrongNames(manifests, 'trade')).toEqual([]);
    expect(wrongSelectors(manifests)).toEqual([]);
  });

  it.each(['12345', '1e5', 'on'])('may live in a namespace that is called %s', (namespace) => {
    expect(wrongNames(render({ namespace }), namespace)).toEqual([]);
  });

  it('may be called what YAML takes for a truth', () => {
    expect(wrongSelectors(render({ release: 'on' }))).toEqual([]);
  });

  it('has the name that fullnameOverride gives it', () => {
    const names = render({ values: { fullnameOverride: 'tracker' } }).map(
      ({ metadata }) => metadata.name,
    );
    expect(names.filter((name) => !name.startsWith('tracker'))).toEqual([]);
  });
});
