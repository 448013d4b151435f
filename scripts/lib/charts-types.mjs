/** Types that a comment of a value can name, with their JSON Schema. Arguments come after the name. */
export const TYPES = {
  bool: () => ({ type: 'boolean' }),
  string: () => ({ type: 'string' }),
  /** int 1..100 */
  int: ([range]) => ({ type: 'integer', ...bounds(range) }),
  number: ([range]) => ({ type: 'number', ...bounds(range) }),
  /** enum a|b|c */
  enum: ([names]) => ({ enum: names.split('|') }),
  port: () => ({ type: 'integer', minimum: 1, maximum: 65_535 }),
  path: () => ({ type: 'string', pattern: '^/' }),
  /** Of Kubernetes: 250m, 0.5, 256Mi. The pattern is for strings, the bound for numbers. */
  quantity: () => ({
    type: ['string', 'number'],
    pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$',
    exclusiveMinimum: 0,
  }),
  /** 500ms, 15s, 5m, 1h30m */
  duration: () => ({ type: 'string', pattern: '^([0-9]+(ms|s|m|h|d|w|y))+$' }),
  intOrPercent: () => ({
    type: ['integer', 'string'],
    minimum: 0,
    pattern: '^(100|[1-9]?[0-9])%$',
  }),
  /** What an environment variable can be made of. */
  scalar: () => ({ type: ['string', 'number', 'boolean'] }),
  /** Anything that Kubernetes takes there. */
  object: () => ({ type: 'object' }),
  any: () => ({}),
  list: ([type, ...args]) => ({ type: 'array', items: type ? TYPES[type](args) : {} }),
  map: ([type, ...args]) => ({
    type: 'object',
    additionalProperties: type ? TYPES[type](args) : {},
  }),
};

/**
 * The JSON Schema of a type; what is optional may also be empty. There are no alternatives in it
 * (`anyOf`), so that a value that is refused is refused with one sentence.
 */
export function schemaOf({ type, args = [], optional = false, fallback }) {
  const schema = TYPES[type](args);
  if (!optional && fallback !== null) return schema;
  if (schema.enum) return { enum: [...schema.enum, '', null] };
  const types = [schema.type].flat();
  const maxLength = types.includes('string') ? undefined : 0;
  return { ...schema, type: [...new Set([...types, 'string', 'null'])], maxLength };
}

function bounds(range) {
  if (range === undefined) return {};
  const [minimum, maximum] = range
    .split('..')
    .map((text) => (text === '' ? undefined : Number(text)));
  return { minimum, maximum };
}
