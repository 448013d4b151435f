import { HELP, readArguments } from './arguments.js';
import { EXIT } from '../data/data-error.js';
import { refusalOf } from '../testing/refusal.js';

const refusal = (...args: string[]) => refusalOf(() => readArguments(args));

it('reads where from and where to', () => {
  const to = 'postgres://me@host/db';
  expect(readArguments(['--from', '.data', '--to', to])).toEqual({
    kind: 'move',
    from: '.data',
    to,
  });
  expect(readArguments(['--from', to, '--to=.data'])).toEqual({
    kind: 'move',
    from: to,
    to: '.data',
  });
  expect(readArguments(['--release', '.data'])).toEqual({ kind: 'release', at: '.data' });
  expect(readArguments(['-h'])).toEqual({ kind: 'help' });
});

it.each([
  [[], '--from is missing: name the place'],
  [['--from', '.data'], '--to is missing: name the place'],
  [['--from', '.data', '--to', ''], '--to is empty: name a data folder'],
  [['--from', 'mysql://me:hunter2@host/db', '--to', 'x'], '--from is neither a folder nor'],
  [['--from', 'postgres://me:hunter2@ho st/db', '--to', 'x'], '--from is neither a folder nor'],
  [['--form', 'postgres://me:hunter2@host/db'], 'The options are not known:'],
  [['--release', 'x', '--to', 'y'], '--release stands alone:'],
])('%j is refused in a sentence without a password', (args, start) => {
  const { message, exitCode } = refusal(...args);
  expect(message.startsWith(start)).toBe(true);
  expect(message).toMatch(/^\S.+: .+\.$/);
  expect(message).not.toContain('hunter2');
  expect(exitCode).toBe(EXIT.usage);
});

it('the help names every option and exit code', () => {
  for (const word of ['--from', '--to', '--release', 'AUTH_SECRET', ...Object.values(EXIT)]) {
    expect(HELP).toContain(String(word));
  }
});
