import { type Client } from '../../support/api.js';
import { addTask, listTasks } from '../../support/tasks.js';
import { newUser, signIn } from '../../support/users.js';
import { kubectl, kubectlJson } from '../support/commands.js';
import { type Container, type List, type Pod } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { Release } from '../support/release.js';

const NAMESPACE = 'primetrade-e2e-install';
const INSTALL_SECONDS = 60;

const release = new Release('fresh', NAMESPACE);
let seconds: number;

beforeAll(async () => {
  await createNamespace(NAMESPACE);
  seconds = await release.install();
}, 400_000);
afterAll(() => removeNamespace(NAMESPACE), 240_000);

/** Who the pods are, and how often they were restarted. */
async function identities(): Promise<string[]> {
  return (await release.pods())
    .map(({ metadata, status }) => {
      const restarts = status.containerStatuses?.map(({ restartCount }) => restartCount).join();
      return `${metadata.name} ${metadata.uid} ${restarts}`;
    })
    .sort();
}

it(`is ready within ${INSTALL_SECONDS} s, where pods have to meet the restricted standard`, () => {
  console.log(`helm install --wait: ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThanOrEqual(INSTALL_SECONDS);
});

it('passes its own tests', async () => {
  expect(await release.test()).toContain('Signed up, wrote a task, read it back');
}, 120_000);

it('runs nothing as root, with capabilities, a writable root or a token that it does not need', async () => {
  const { items } = await kubectlJson<List<Pod>>('get', 'pods', '--namespace', NAMESPACE);
  expect(items.length).toBeGreaterThan(15);
  const bad = items.flatMap(({ metadata, spec }) =>
    [...spec.containers, ...(spec.initContainers ?? [])].flatMap((container) =>
      faultsOf(container, spec.securityContext).map((fault) => `${metadata.name}: ${fault}`),
    ),
  );
  expect(bad).toEqual([]);
  const withToken = items.filter(({ spec }) =>
    spec.volumes?.some(({ projected }) =>
      projected?.sources.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
    ),
  );
  expect(withToken.map(({ metadata }) => metadata.name)).toEqual([
    expect.stringMatching(/^fresh-secrets-/),
  ]);
});

it('lets the one Job with a token do no more than make the secrets', async () => {
  const may = async (verb: string, resource: string) => {
    const { items } = await kubectlJson<List<Pod>>(
      ...['get', 'serviceaccounts', '--namespace', NAMESPACE],
    );
    const account = items.find(({ metadata }) => metadata.name.startsWith('fresh-secrets'))!;
    return kubectl(
      ...['auth', 'can-i', verb, resource, '--namespace', NAMESPACE],
      ...['--as', `system:serviceaccount:${NAMESPACE}:${account.metadata.name}`],
    ).then(
      () => true,
      () => false,
    );
  };
  expect(await may('create', 'secrets')).toBe(true);
  expect(await may('get', 'secrets/fresh-secrets')).toBe(true);
  for (const [verb, resource] of [
    ['get', 'secrets/another'],
    ['list', 'secrets'],
    ['update', 'secrets/fresh-secrets'],
    ['delete', 'secrets/fresh-secrets'],
    ['get', 'pods'],
    ['create', 'pods'],
  ] as const) {
    expect([verb, resource, await may(verb, resource)]).toEqual([verb, resource, false]);
  }
}, 60_000);

it('is left alone by the same upgrade once more, and by new labels', async () => {
  const before = await identities();
  await release.install();
  expect(await identities()).toEqual(before);
  await release.install({ set: ['global.labels.team=blue'] });
  expect(await identities()).toEqual(before);
  expect(
    await kubectl('get', 'deployment', 'fresh-tasks', '--namespace', NAMESPACE, '-o', 'yaml'),
  ).toMatch(/^ {4}team: blue$/m);
  const upgrade = { set: ['global.labels.team=blue'] };
  expect(await release.render(upgrade)).toBe(await release.render(upgrade));
}, 240_000);

it('keeps data and secrets when it is uninstalled and installed again, and can be purged', async () => {
  const person = await newUser();
  const task = await addTask(person.client, { title: 'Outlives the release' });
  const secret = () =>
    kubectl('get', 'secret', 'fresh-secrets', '--namespace', NAMESPACE, '-o', 'jsonpath={.data}');
  const before = await secret();
  await release.uninstall();
  expect(await secret()).toBe(before);

  await release.install();
  expect(await secret()).toBe(before);
  const client: Client = await signIn(person);
  expect((await listTasks(client)).items.map(({ id }) => id)).toContain(task.id);

  await release.uninstall();
  const mine = ['--namespace', NAMESPACE, '-l', 'app.kubernetes.io/instance=fresh'];
  await kubectl('delete', 'pods,persistentvolumeclaims,secrets', ...mine);
  const left = await kubectl(
    ...['get', 'all,configmaps,secrets,persistentvolumeclaims,networkpolicies,ingresses,roles'],
    ...['--namespace', NAMESPACE, '-o', 'name'],
  );
  expect(
    left.split('\n').filter((name) => name !== '' && name !== 'configmap/kube-root-ca.crt'),
  ).toEqual([]);
}, 480_000);

/** What a container could do that it need not. */
function faultsOf(
  { name, securityContext: own = {} }: Container,
  ofPod: Container['securityContext'] = {},
): string[] {
  const faults = {
    'runs as root': !(own.runAsNonRoot ?? ofPod.runAsNonRoot),
    'has a writable root': own.readOnlyRootFilesystem !== true,
    'may gain privileges': own.allowPrivilegeEscalation !== false,
    'has capabilities':
      !own.capabilities?.drop?.includes('ALL') || own.capabilities.add !== undefined,
    'has no seccomp profile':
      (own.seccompProfile ?? ofPod.seccompProfile)?.type !== 'RuntimeDefault',
  };
  return Object.entries(faults).flatMap(([fault, is]) => (is ? [`${name} ${fault}`] : []));
}
