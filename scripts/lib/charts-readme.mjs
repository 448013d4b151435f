/** A text with a part between its marks that is made; the rest of it is written. */
export function withPart(text, name, part) {
  const start = `<!-- ${name}: made by npm run charts -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`README.md needs the lines ${start} and ${end}.`);
  return `${before}${start}\n\n${part}\n\n${end}${after}`;
}

/** One table for each key of the top level that has keys below it, and one for those without. */
export function tables(values) {
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
