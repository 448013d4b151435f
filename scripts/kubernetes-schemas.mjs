/**
 * `node scripts/kubernetes-schemas.mjs`: gets the schemas of Kubernetes' objects against which the tests
 * of the charts hold what is rendered. They come from a Python package that carries them, once;
 * KUBERNETES_SCHEMAS names another folder for them.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { filesOfZip } from './lib/zip.mjs';

const PACKAGE = 'kubernetes-validate==1.37.0';
const HASH = 'sha256:85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9';
const VERSIONS = ['1.32', '1.33', '1.34', '1.35'];

/** Of what a chart may render, as kubeconform names them. */
const KINDS = [
  'configmap-v1',
  'cronjob-batch-v1',
  'deployment-apps-v1',
  'horizontalpodautoscaler-autoscaling-v2',
  'ingress-networking-v1',
  'job-batch-v1',
  'networkpolicy-networking-v1',
  'persistentvolumeclaim-v1',
  'pod-v1',
  'poddisruptionbudget-policy-v1',
  'role-rbac-v1',
  'rolebinding-rbac-v1',
  'secret-v1',
  'service-v1',
  'serviceaccount-v1',
  'statefulset-apps-v1',
];

const folder = resolve(
  process.env.KUBERNETES_SCHEMAS ??
    resolve(import.meta.dirname, '../node_modules/.cache/primetrade/kubernetes-schemas'),
);

if (existsSync(folder)) {
  process.stdout.write(`${folder} exists already.\n`);
} else {
  const part = mkdtempSync(join(tmpdir(), 'schemas-'));
  try {
    const files = filesOfZip(download(part));
    for (const version of VERSIONS) write(files, version, join(part, 'made', version));
    mkdirSync(dirname(folder), { recursive: true });
    cpSync(join(part, 'made'), `${folder}.part`, { recursive: true });
    renameSync(`${folder}.part`, folder);
    process.stdout.write(`${folder}: schemas of Kubernetes ${VERSIONS.join(', ')}\n`);
  } catch (error) {
    process.stderr.write(`The schemas of Kubernetes cannot be had: ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(part, { recursive: true });
  }
}

/** @returns {string} the package, whose hash pip has compared */
function download(part) {
  const requirements = join(part, 'requirements.txt');
  writeFileSync(requirements, `${PACKAGE} --hash=${HASH}\n`);
  execFileSync(
    'python3',
    [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--dest',
      part,
      '--requirement',
      requirements,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return join(part, `${PACKAGE.replace('-', '_').replace('==', '-')}-py3-none-any.whl`);
}

function write(files, version, target) {
  const source = `kubernetes_validate/kubernetes-json-schema/v${version}.0-local-strict`;
  const read = (name) => JSON.parse(files.get(`${source}/${name}.json`)().toString());
  const { definitions, $defs = definitions } = read('_definitions');
  mkdirSync(target, { recursive: true });
  for (const kind of KINDS) {
    writeFileSync(join(target, `${kind}.json`), alone(read(kind), $defs));
  }
}

/** The text of a schema with the definitions that it uses: kubeconform follows no paths to others. */
function alone(schema, all) {
  const used = {};
  const queue = [schema];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const [, name] of JSON.stringify(next).matchAll(/#\/(?:\$defs|definitions)\/([^"]+)/g)) {
      if (name in used) continue;
      used[name] = all[name];
      queue.push(all[name]);
    }
  }
  // Its dialect is no matter: what is used of it means the same in each.
  const text = JSON.stringify({ ...schema, $schema: undefined, $defs: used });
  return text.replaceAll(/"[^"]*#\/(?:\$defs|definitions)\//g, '"#/$defs/');
}
