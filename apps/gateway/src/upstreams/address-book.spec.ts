import { AddressBook } from './address-book.js';

let names: Record<string, string[] | Error>;
let book: AddressBook;
afterEach(() => book.close());

async function open(...origins: string[]): Promise<AddressBook> {
  book = new AddressBook({
    origins,
    probeMs: 60_000,
    dnsMs: 10,
    resolve: async (name) => {
      const answer = names[name] ?? new Error('no such name');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  book.start();
  await book.current();
  return book;
}

const origins = () => book.all.map(({ origin }) => origin).sort();

async function becomes(...expected: string[]): Promise<void> {
  while (origins().join() !== expected.join()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('takes addresses as they are, and names for all that they stand for', async () => {
  names = { tasks: ['192.0.2.1', '2001:db8::1'] };
  await open('http://198.51.100.7:4002', 'https://tasks:4443');
  expect(origins()).toEqual([
    'http://198.51.100.7:4002',
    'https://192.0.2.1:4443',
    'https://[2001:db8::1]:4443',
  ]);
  expect(book.all.map(({ servername }) => servername)).toEqual([undefined, 'tasks', 'tasks']);
});

it('follows names that move, and keeps what stays', async () => {
  names = { tasks: ['192.0.2.1', '192.0.2.2'] };
  await open('http://tasks:4002');
  const kept = book.all.find(({ origin }) => origin.includes('192.0.2.2'));
  const gone = book.all.find(({ origin }) => origin.includes('192.0.2.1'));
  names = { tasks: ['192.0.2.2', '192.0.2.3'] };
  await becomes('http://192.0.2.2:4002', 'http://192.0.2.3:4002');
  expect(book.all).toContain(kept);
  expect([kept, gone].map((address) => address!.pool.closed)).toEqual([false, true]);
});

it('stays with what it knows while names cannot be looked up', async () => {
  names = { tasks: ['192.0.2.1'], other: ['192.0.2.9'] };
  await open('http://tasks:4002', 'http://other:4002');
  names = { tasks: new Error('the name server is away'), other: ['192.0.2.8'] };
  await becomes('http://192.0.2.1:4002', 'http://192.0.2.8:4002');
});

it('finds later what it could not find at first', async () => {
  names = {};
  await open('http://tasks:4002');
  expect(origins()).toEqual([]);
  names = { tasks: ['192.0.2.1'] };
  await becomes('http://192.0.2.1:4002');
});
