/**
 * Reads a chart's values.yaml with its comments: charts/README.md says how they are written.
 *
 * A value is { path, text, type, args, fallback, children }: `children` of a map whose keys are known,
 * otherwise a `type` of charts-types.mjs with its arguments.
 */
import { isMap, parseDocument } from 'yaml';
import { TYPES } from './charts-types.mjs';

const COMMENT = /^ -- (?:\((?<type>[^)]+)\) )?(?<text>.+)$/s;

/** @throws with a sentence for every key that is not described as it should be */
export function readValues(source) {
  const document = parseDocument(source);
  const problems = document.errors.map(({ message }) => message);
  const values = isMap(document.contents) ? readMap(document.contents, [], problems) : [];
  for (const value of all(values)) {
    if (value.type === 'like' && find(values, value.args[0]) === undefined) {
      problems.push(`${value.path}: there is no key ${value.args[0]} that it could be like.`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return values;
}

export function find(values, path) {
  return all(values).find((value) => value.path === path);
}

function all(values) {
  return values.flatMap((value) => [value, ...all(value.children ?? [])]);
}

function readMap(map, parents, problems) {
  return map.items.map((pair, index) => {
    const keys = [...parents, String(pair.key.value)];
    const path = keys.join('.');
    const comment = pair.key.commentBefore ?? commentElsewhere(map, index) ?? '';
    const fallback = pair.value?.toJSON?.() ?? null;
    const value = { path, key: keys.at(-1), fallback, ...described(comment) };
    const hasChildren = isMap(pair.value) && pair.value.items.length > 0;
    if (hasChildren && (value.type === undefined || value.type === 'like')) {
      const inner = value.type === 'like' ? [] : problems;
      value.children = readMap(pair.value, keys, inner);
      return value;
    }
    if (value.text === undefined) problems.push(`${path} has no comment that begins with "# --".`);
    value.type ??= inferred(fallback);
    if (value.type !== 'like' && TYPES[value.type] === undefined) {
      problems.push(
        `${path}: ${value.type ?? 'nothing'} is no type. There are: ${Object.keys(TYPES).join(', ')}, like.`,
      );
    }
    return value;
  });
}

/** The comment above the first key is the map's, and that below a key without a value is its own. */
function commentElsewhere(map, index) {
  return index === 0 ? map.commentBefore : map.items[index - 1].value?.comment;
}

/** What the last paragraph of a comment says, if it begins with --. */
function described(comment) {
  const lines = comment.split('\n');
  const start = lines.findLastIndex((line) => line.startsWith(' -- '));
  if (start === -1) return {};
  const rest = lines.slice(start).map((line, index) => (index === 0 ? line : line.trimEnd()));
  const { type: written, text } = COMMENT.exec(rest.join('')).groups;
  const [type, ...args] = (written ?? '').split(' ').filter(Boolean);
  return {
    text,
    type: type?.replace(/\?$/, ''),
    args,
    optional: type?.endsWith('?') ?? false,
  };
}

function inferred(fallback) {
  if (typeof fallback === 'boolean') return 'bool';
  if (Number.isInteger(fallback)) return 'int';
  if (typeof fallback === 'string') return 'string';
  if (Array.isArray(fallback)) return 'list';
  return fallback === null ? undefined : 'object';
}
