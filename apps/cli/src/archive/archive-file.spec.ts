import { chmodSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { temporaryFiles } from '../testing/temporary-files.js';
import { writeWhole } from './archive-file.js';

const { file, pathOf } = temporaryFiles();

const write = (text: string) => async (to: number) => void writeSync(to, text);
const read = async (from: number) => readFileSync(from, 'utf8');

it('gives a file its name when it has been written and checked', async () => {
  const path = pathOf('whole');
  const check = async (from: number) => {
    expect(() => statSync(path)).toThrow('ENOENT');
    return read(from);
  };
  expect(await writeWhole(path, false, write('content'), check)).toBe('content');
  expect(readFileSync(path, 'utf8')).toBe('content');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => statSync(`${path}.part`)).toThrow('ENOENT');
});

it('leaves nothing behind when it is not written, or not good', async () => {
  const path = pathOf('failed');
  const fail = () => Promise.reject(new Error('no'));
  await expect(writeWhole(path, false, fail, read)).rejects.toThrow('no');
  await expect(writeWhole(path, false, write('half'), fail)).rejects.toThrow('no');
  for (const name of [path, `${path}.part`]) expect(() => statSync(name)).toThrow('ENOENT');
});

it('replaces another file only when told to, and only by a whole one', async () => {
  const path = file('there', 'old');
  await expect(writeWhole(path, false, write('new'), read)).rejects.toThrow(
    `${path} is there already: choose another name, or --force to replace it.`,
  );
  const fail = () => Promise.reject(new Error('no'));
  await expect(writeWhole(path, true, fail, read)).rejects.toThrow('no');
  expect(readFileSync(path, 'utf8')).toBe('old');
  // What a backup that was killed has left.
  writeFileSync(`${path}.part`, 'longer than the new one');
  chmodSync(`${path}.part`, 0o644);
  await expect(writeWhole(pathOf('there'), false, write('new'), read)).rejects.toThrow('already');
  await writeWhole(path, true, write('new'), read);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('names what is in the way', async () => {
  const nowhere = pathOf('nowhere/archive');
  await expect(writeWhole(nowhere, false, write('x'), read)).rejects.toThrow(
    `${nowhere}.part: there is no such folder.`,
  );
  const path = pathOf('busy');
  writeFileSync(`${path}.part`, 'x');
  await expect(writeWhole(path, false, write('y'), read)).rejects.toThrow(
    'another backup writes it, or one was killed',
  );
  expect(readFileSync(`${path}.part`, 'utf8')).toBe('x');
});
