const START = '<!-- values: made by npm run charts -->';
const END = '<!-- end of values -->';

/** A README with the tables of all values between its marks. */
export function withValues(readme, values) {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md needs the lines ${START} and ${END}.`);
  return `${before}${START}\n\n${tables(values)}\n\n${END}${after}`;
}

/** One table for each key of the top level that has keys below it, and one for those without. */
function tables(values) {
  const single = values.filter(({ children }) => !children);
  const groups = values.filter(({ children }) => children);
  return [
    table(single),
    ...groups.map((group) => `### ${group.key}\n\n${intro(group)}${table(group.children)}`),
  ].join('\n\n');
}

function intro({ type, args, text }) {
  if (type !== 'like') return text ? `${text}\n\n` : '';
  return `${text} Takes the same keys as \`${args[0]}\`; those that differ:\n\n`;
}

function table(values) {
  const rows = values.flatMap(leaves).map(row);
  return ['| Key | Type | Default | What it does |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function leaves(value) {
  return value.children && value.type !== 'like' ? value.children.flatMap(leaves) : [value];
}

function row({ path, type, args = [], optional, fallback, text }) {
  const kind =
    type === 'like'
      ? `as \`${args[0]}\``
      : [type, ...args].join(' ') + (optional ? ', or empty' : '');
  const cells = [`\`${path}\``, kind, `\`${shown(fallback)}\``, text ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function shown(fallback) {
  return fallback === null ? 'empty' : JSON.stringify(fallback);
}
