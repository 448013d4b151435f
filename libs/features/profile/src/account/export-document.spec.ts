import fc from 'fast-check';
import { exportDocument } from './export-document.js';

async function* pieces(list: readonly string[]): AsyncGenerator<string> {
  yield* list;
}

async function parse(head: Record<string, unknown>, list: readonly string[]): Promise<unknown> {
  let text = '';
  for await (const piece of exportDocument(head, pieces(list))) text += piece;
  return JSON.parse(text);
}

describe('exportDocument', () => {
  it('has no items when there are no lines', async () => {
    expect(await parse({ a: 1 }, [])).toEqual({ a: 1, data: [] });
  });

  it('holds every line, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.array(fc.nat(50)),
        fc.boolean(),
        async (items, cuts, ended) => {
          let text = items.map((item) => JSON.stringify(item)).join('\n') + (ended ? '\n' : '');
          const list = [];
          for (const cut of cuts) {
            list.push(text.slice(0, cut));
            text = text.slice(cut);
          }
          const expected = JSON.parse(JSON.stringify({ a: 'b', data: items })) as unknown;
          expect(await parse({ a: 'b' }, [...list, text])).toEqual(expected);
        },
      ),
    );
  });

  it('hands a line on before it reads the next', async () => {
    let read = 0;
    const lines = (async function* () {
      for (; read < 1000; read += 1) yield '{}\n';
    })();
    const document = exportDocument({}, lines);
    await document.next();
    await document.next();
    expect(read).toBeLessThan(3);
  });
});
