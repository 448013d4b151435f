/**
 * `npm run k8s:raw`: renders the chart into k8s/raw, for those who don't use Helm: the profile `small`
 * in the namespace `primetrade`. `npm run k8s:raw -- --check` exits with 1 when what lies there is not
 * what the chart says.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { helm, NoHelm } from './lib/helm.mjs';

const folder = resolve(import.meta.dirname, '../k8s/raw');
const NAMESPACE = 'primetrade';

const HEADER = '# Made from charts/primetrade by `npm run k8s:raw`. Do not edit.\n';
const RESTRICTED = `${HEADER}apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

try {
  const files = render();
  if (process.argv.includes('--check')) check(files);
  else write(files);
} catch (error) {
  if (!(error instanceof NoHelm)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** @returns {Map<string, string>} contents by file name */
function render() {
  const values = 'charts/primetrade/values-small.yaml';
  const text = helm(
    ...['template', 'primetrade', 'charts/primetrade', '--namespace', NAMESPACE],
    ...['--values', values, '--skip-tests'],
  );
  const objects = new Map();
  for (const document of text.split(/^---\n/m)) {
    const [, path] = /^# Source: primetrade\/templates\/(\S+)\.yaml\n/.exec(document) ?? [];
    const object = withoutHelm(document.replace(/^# Source: .*\n/, '')).trim();
    if (path === undefined || path.startsWith('tests/') || !/^kind: /m.test(object)) continue;
    const name = `${path.replace(/^services\//, '').replaceAll('/', '-')}.yaml`;
    objects.set(name, [...(objects.get(name) ?? []), object]);
  }
  const files = new Map([['namespace.yaml', RESTRICTED]]);
  for (const name of [...objects.keys()].sort()) {
    files.set(name, `${HEADER}${objects.get(name).join('\n---\n')}\n`);
  }
  const resources = [...files.keys()].map((name) => `  - ${name}\n`).join('');
  files.set(
    'kustomization.yaml',
    `${HEADER}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${resources}`,
  );
  return files;
}

/** What only Helm needs: whoever applies these files is somebody else. */
function withoutHelm(document) {
  return document.replace(/^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, '');
}

function write(files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  process.stdout.write(`k8s/raw: ${files.size} files\n`);
}

function check(files) {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const wrong = [
    ...[...files.keys()].filter(
      (name) =>
        !there.includes(name) || readFileSync(join(folder, name), 'utf8') !== files.get(name),
    ),
    ...there.filter((name) => !files.has(name)),
  ];
  if (wrong.length === 0) return;
  process.stderr.write(
    `k8s/raw is not what the chart says: ${wrong.join(', ')}. Run \`npm run k8s:raw\`.\n`,
  );
  process.exitCode = 1;
}
