import { HELP, readArguments } from './arguments.js';
import { refusalOf } from '../testing/refusal.js';

const refusal = (...args: string[]) => refusalOf(() => readArguments(args));

it('reads what to do', () => {
  const place = 'postgres://me@host/db';
  expect(readArguments(['backup'])).toEqual({ kind: 'backup', from: undefined, withSecret: false });
  expect(readArguments(['backup', '--from', place, '--with-secret'])).toEqual({
    ...{ kind: 'backup', from: place, withSecret: true },
  });
  expect(readArguments(['restore', '--to=.data', '--other-secret', '--json'])).toEqual({
    ...{ kind: 'restore', to: '.data', otherSecret: true, json: true },
  });
  expect(readArguments(['verify'])).toEqual({ kind: 'verify', json: false });
  expect(readArguments(['backup', '--help'])).toEqual({ kind: 'help' });
});

it.each([
  [['backup', '--to', 'file'], 'The options of backup are not known'],
  [['backup', 'postgres://me:hunter2@host/db'], 'The options of backup are not known'],
  [['restore', '--with-secret'], 'The options of restore are not known'],
  [['verify', '--to', 'x'], 'The options of verify are not known'],
  [['backup', '--from', ''], '--from is empty'],
  [['restore', '--to', 'https://me:hunter2@host/db'], '--to is neither a folder nor an address'],
  [['undo'], 'There is no undo'],
  [[], 'There is no command'],
])('refuses %p in one sentence', (args, problem) => {
  const error = refusal(...args);
  expect(error.message).toContain(problem);
  expect(error.message).not.toContain('hunter2');
  expect(error.exitCode).toBe(2);
});

it('tells all of it by --help', () => {
  for (const word of ['--from', '--to', '--with-secret', '--other-secret', '--json', '130']) {
    expect(HELP).toContain(word);
  }
});
