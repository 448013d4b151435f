import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CHARTS = resolve(import.meta.dirname, 'charts.mjs');
const PRIMETRADE = resolve(import.meta.dirname, '../charts/primetrade');

/** What values can be, one of each kind. */
const VALUES = `
# All of them.
global:
  autoscaling:
    # -- (int 1..100) Target in percent.
    cpu: 70
  # -- (enum info|debug) Level.
  logLevel: info

api:
  # -- (like global.autoscaling) The HPA.
  autoscaling: {}
  # -- (int? 1..9) Pods.
  replicas:
  # -- (map scalar) Environment.
  config: {}

# -- (like api) The other one.
web:
  # -- (quantity) Memory.
  memory: 256Mi
`;

const README = ['edges', 'values']
  .map((part) => `<!-- ${part}: made by npm run charts -->\n<!-- end of ${part} -->\n`)
  .join('\n');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charts-'));
  mkdirSync(join(folder, 'files'));
  cpSync(join(PRIMETRADE, 'files/edges.yaml'), join(folder, 'files/edges.yaml'));
  writeFileSync(join(folder, 'Chart.yaml'), 'dependencies: [{ name: library }]\n');
  writeFileSync(join(folder, 'README.md'), README);
});
afterEach(() => rmSync(folder, { recursive: true }));

function charts(values: string, ...args: string[]) {
  writeFileSync(join(folder, 'values.yaml'), values);
  const { status, stderr } = spawnSync(process.execPath, [CHARTS, folder, ...args], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('npm run charts', () => {
  it('has been run since the values of the chart changed', () => {
    const { status, stderr } = spawnSync(process.execPath, [CHARTS, '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('makes a schema that takes no other keys, and no other values', () => {
    expect(charts(VALUES)).toEqual({ status: 0, stderr: '' });
    const { properties, additionalProperties } = JSON.parse(read('values.schema.json'));
    expect(additionalProperties).toBe(false);
    expect(Object.keys(properties)).toEqual(['global', 'api', 'web', 'library']);
    expect(properties.global.additionalProperties).toBe(false);
    expect(properties.global.properties.logLevel.enum).toEqual(['info', 'debug']);
    expect(properties.api.properties.autoscaling.$ref).toBe(
      '#/properties/global/properties/autoscaling',
    );
    expect(properties.api.properties.replicas).toMatchObject({
      type: ['integer', 'string', 'null'],
      minimum: 1,
      maximum: 9,
      maxLength: 0,
    });
    expect(Object.keys(properties.web.properties)).toEqual([
      'autoscaling',
      'replicas',
      'config',
      'memory',
    ]);
  });

  it('writes a row for each value, with its default', () => {
    charts(VALUES);
    expect(read('README.md')).toMatch(
      /\| `global\.autoscaling\.cpu` +\| int 1\.\.100 +\| `70` +\| Target in percent\. +\|/,
    );
    expect(read('README.md')).toContain('gateway -- http --> auth');
  });

  it('finds with --check that something else is there, and writes nothing', () => {
    charts(VALUES);
    const before = read('values.schema.json');
    expect(charts(VALUES, '--check').status).toBe(0);
    const { status, stderr } = charts(VALUES.replace('1..100', '1..90'), '--check');
    expect(status).toBe(1);
    expect(stderr).toContain('Run: npm run charts');
    expect(read('values.schema.json')).toBe(before);
  });

  it.each([
    ['a: 1', 'a has no comment that begins with "# --".'],
    ['# -- (integer) A number.\na: 1', 'a: integer is no type.'],
    ['# -- (like b.c) The same.\na: {}', 'a: there is no key b.c that it could be like.'],
    ['# -- Something.\na:', 'a: nothing is no type.'],
  ])('refuses %j', (values, sentence) => {
    const { status, stderr } = charts(values);
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
  });
});
