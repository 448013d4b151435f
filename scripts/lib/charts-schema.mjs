import { schemaOf } from './charts-types.mjs';
import { find } from './charts-values.mjs';

/**
 * The JSON Schema of values: strict, so that a misspelt key is refused.
 *
 * @param subcharts names of dependencies, under which Helm puts their values
 */
export function schema(values, { title, subcharts }) {
  const own = object(values, values);
  for (const name of subcharts) own.properties[name] = { type: 'object' };
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...own };
}

function object(children, values) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(children.map((child) => [child.key, property(child, values)])),
  };
}

function property(value, values) {
  const description = value.text;
  if (value.type === 'like') return { description, ...like(value, values) };
  if (value.children) return { description, ...object(value.children, values) };
  return { description, ...schemaOf(value) };
}

/** What another key takes, and its own keys that the other one doesn't have. */
function like(value, values) {
  const model = find(values, value.args[0]);
  const known = new Set((model.children ?? []).map(({ key }) => key));
  const more = (value.children ?? []).filter(({ key, text }) => !known.has(key) && text);
  if (more.length === 0) {
    const empty = value.fallback === null && !model.children;
    return empty ? schemaOf({ ...model, optional: true }) : { $ref: pointer(model) };
  }
  const { properties, ...rest } = object(more, values);
  const inherited = model.children.map((child) => [child.key, { $ref: pointer(child) }]);
  return { ...rest, properties: { ...Object.fromEntries(inherited), ...properties } };
}

function pointer({ path }) {
  return `#/properties/${path.split('.').join('/properties/')}`;
}
