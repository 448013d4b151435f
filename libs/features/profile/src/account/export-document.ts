/**
 * The pieces of one JSON document: the fields of `head`, then `data` with every line as an item.
 * Never holds more than one line.
 *
 * @param head what comes first, complete
 * @param lines JSON texts, one a line, in pieces cut anywhere
 */
export async function* exportDocument(
  head: Record<string, unknown>,
  lines: AsyncIterable<string>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"data":[`;
  let first = true;
  for await (const line of split(lines)) {
    yield first ? `\n${line}` : `,\n${line}`;
    first = false;
  }
  yield ']}\n';
}

async function* split(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
