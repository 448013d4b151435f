import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakePrometheus, SYSTEM } from '@primetrade/testing/prometheus';
import { run } from './support/commands.js';
import { primetrade } from './support/primetrade.js';
import { shared } from './support/shared.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'primetrade-advice-'));
});
afterAll(() => rm(folder, { recursive: true }));

// A cluster that tests install has no week of measurements: those are made up, its objects are not.
it('advises values that the cluster takes, and the same for the same data', async () => {
  await using prometheus = await fakePrometheus(SYSTEM, true);
  const advised = async (name: string) => {
    const file = join(folder, name);
    const text = await primetrade([
      ...['advise', '--prometheus', prometheus.url, '--until', '2026-11-24T00:00:00Z'],
      ...['--kubernetes', shared.namespace, '--values', file],
    ]);
    return { file, text, values: await readFile(file, 'utf8') };
  };
  const first = await advised('first.yaml');
  expect(first.text).toMatch('Phase 3');
  // What is set in the cluster was seen: its limits stay, as the size of a pod is its operator's.
  expect(first.text).toMatch('limits cpu 500m');
  const again = await advised('again.yaml');
  expect([again.text, again.values]).toEqual([first.text, first.values]);

  const manifests = await shared.render({ values: [first.file] });
  expect(manifests).not.toBe(await shared.render());
  const answer = await run(
    'kubectl',
    [
      ...['apply', '--server-side', '--force-conflicts', '--dry-run=server'],
      ...['--namespace', shared.namespace, '--filename', '-'],
    ],
    { input: manifests },
  );
  expect(answer).toMatch(/horizontalpodautoscaler\S+ serverside-applied \(server dry run\)/);
}, 120_000);
