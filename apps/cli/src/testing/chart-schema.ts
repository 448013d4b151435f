import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMapping } from '../fields.js';

type Schema = Record<string, unknown>;

const SCHEMA = JSON.parse(
  readFileSync(
    resolve(import.meta.dirname, '../../../../charts/primetrade/values.schema.json'),
    'utf8',
  ),
) as Schema;

/**
 * What the chart's schema says of values, as far as it uses JSON Schema for what the advisor writes:
 * $ref, properties, additionalProperties, type, pattern, minimum and maximum.
 */
export function problemsOf(values: unknown, schema: Schema = SCHEMA, at = 'values'): string[] {
  if (typeof schema['$ref'] === 'string') return problemsOf(values, resolved(schema['$ref']), at);
  if (isMapping(values)) {
    const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
    return Object.entries(values).flatMap(([key, value]) => {
      const property = properties[key];
      if (property !== undefined) return problemsOf(value, property, `${at}.${key}`);
      return schema['additionalProperties'] === false ? [`${at}.${key} is unknown`] : [];
    });
  }
  const types = [schema['type'] ?? []].flat() as string[];
  const problems: string[] = [];
  const type = Number.isInteger(values) ? ['integer', 'number'] : [typeof values];
  if (types.length > 0 && !types.some((one) => type.includes(one))) {
    problems.push(`${at} is no ${types.join(' or ')}`);
  }
  if (typeof values === 'string' && typeof schema['pattern'] === 'string') {
    if (!new RegExp(schema['pattern']).test(values)) problems.push(`${at} is not as its pattern`);
  }
  if (typeof values === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema as Record<string, number>;
    if (values < minimum || values > maximum) problems.push(`${at} is out of bounds`);
  }
  return problems;
}

function resolved(pointer: string): Schema {
  const keys = pointer.replace('#/', '').split('/');
  return keys.reduce<unknown>((node, key) => (node as Schema)[key], SCHEMA) as Schema;
}
