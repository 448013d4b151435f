import { component, type HpaSpec, ofKind, podsOf, type PolicySpec } from './testing/manifests.js';
import { wrongNames, wrongScaling, wrongSelectors } from './testing/name-checks.js';
import { wrongBackends } from './testing/edge-checks.js';
import {
  brokenReferences,
  insecurePods,
  literalSecrets,
  tokenHolders,
  unboundedContainers,
} from './testing/pod-checks.js';
import { describeWithHelm, lint, NOTES, refusal, render } from './testing/render.js';

const notes = (values?: Record<string, unknown>) => render({ chart: NOTES, values });

describeWithHelm('a service of one’s own', () => {
  it('has all that a service needs from a dozen lines of values', () => {
    expect(lint({ chart: NOTES })).toContain('0 chart(s) failed');
    expect(notes().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      [
        'NetworkPolicy',
        'PodDisruptionBudget',
        'ServiceAccount',
        'Service',
        'Deployment',
        'HorizontalPodAutoscaler',
      ].map((kind) => `${kind} shop-api`),
    );
  });

  it('passes the checks of PrimeTrade’s own', () => {
    const manifests = notes();
    for (const check of [
      insecurePods,
      unboundedContainers,
      literalSecrets,
      brokenReferences,
      tokenHolders,
      wrongSelectors,
      wrongScaling,
      wrongBackends,
    ]) {
      expect(check(manifests)).toEqual([]);
    }
    expect(wrongNames(manifests, 'trade')).toEqual([]);
  });

  it('takes the figures of the library where it gives none', () => {
    const [hpa] = ofKind<HpaSpec>(notes(), 'HorizontalPodAutoscaler');
    expect(hpa!.spec).toMatchObject({ minReplicas: 3, maxReplicas: 6 });
    const [policy] = ofKind<PolicySpec>(notes(), 'NetworkPolicy');
    expect(policy!.spec.ingress).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
          },
        ],
        ports: [{ port: 3000 }],
      },
    ]);
  });

  it('is restarted by a new file, and only by that', () => {
    const pod = (files: Record<string, string>, labels = {}) =>
      podsOf(notes({ api: { files }, global: { labels } }))[0]!;
    const before = pod({ 'a.json': '1' });
    expect(pod({ 'a.json': '1' }, { team: 'blue' }).metadata).toEqual(before.metadata);
    expect(pod({ 'a.json': '2' }).metadata).not.toEqual(before.metadata);
    const written = notes({ api: { files: { 'a.json': '1' } } });
    expect(ofKind(written, 'ConfigMap').map((one) => [component(one), one.data])).toEqual([
      ['api', { 'a.json': '1' }],
    ]);
  });

  it.each([
    [{ api: { image: { repository: '' } } }, 'Component api needs image.repository'],
    [{ api: null }, 'primetrade-service needs the values of component api'],
    [
      { api: { lifecycle: { graceSeconds: 60 } } },
      'api: lifecycle.preStopSeconds, drainSeconds and graceSeconds take 68 s together',
    ],
    [{ api: { autoscaling: { cpu: 120 } } }, 'api: autoscaling.cpu (120) must be 1 to 100 percent'],
    [
      { api: { autoscaling: { minReplicas: 9 } } },
      'api: autoscaling.minReplicas (9) is more than maxReplicas (6).',
    ],
  ])('is refused with %j', (values, sentence) => {
    expect(refusal({ chart: NOTES, values })).toContain(sentence);
  });
});
