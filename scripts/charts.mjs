/**
 * `npm run charts`: writes values.schema.json and the tables of README.md of charts/primetrade from
 * the comments in its values.yaml, and the diagram there from files/edges.yaml. With --check it writes
 * nothing and fails when they differ. Another chart's folder can be given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { diagram } from './lib/charts-edges.mjs';
import { tables, withPart } from './lib/charts-readme.mjs';
import { schema } from './lib/charts-schema.mjs';
import { readValues } from './lib/charts-values.mjs';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const check = args.includes('--check');
const folder = resolve(args.find((arg) => !arg.startsWith('--')) ?? `${root}/charts/primetrade`);

const read = (name) => readFileSync(resolve(folder, name), 'utf8');

try {
  const values = readValues(read('values.yaml'));
  const { dependencies = [] } = parse(read('Chart.yaml'));
  const subcharts = dependencies.map(({ name }) => name);
  const options = { title: 'Values of PrimeTrade', subcharts };
  await made('values.schema.json', JSON.stringify(schema(values, options)));
  const { edges } = parse(read('files/edges.yaml'));
  const readme = withPart(read('README.md'), 'edges', diagram(edges));
  await made('README.md', withPart(readme, 'values', tables(values)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function made(name, content) {
  const path = resolve(folder, name);
  const shown = relative(root, path);
  const text = await format(content, { ...(await resolveConfig(path)), filepath: path });
  if (!check) {
    writeFileSync(path, text);
    console.log(`Wrote ${shown}.`);
  } else if (read(name) === text) {
    console.log(`${shown} is up to date.`);
  } else {
    throw new Error(`${shown} is not what its sources say. Run: npm run charts`);
  }
}
