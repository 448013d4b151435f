import { readArguments } from './arguments.js';
import { banner } from './banner.js';

describe('arguments', () => {
  it('are off unless given', () => {
    expect(readArguments([])).toEqual({ demo: false, help: false });
    expect(readArguments(['--demo'])).toEqual({ demo: true, help: false });
    expect(readArguments(['-h'])).toEqual({ demo: false, help: true });
  });

  it.each([['--dmo'], ['start'], ['--demo=yes']])('%s is not one', (argument) => {
    expect(() => readArguments([argument])).toThrow(
      `The options ${argument} are not known: \`npm start -- --help\` lists them.`,
    );
  });
});

describe('the banner', () => {
  it('says where PrimeTrade is and how to stop it', () => {
    expect(banner({ port: 3000, data: '/srv/.data', demo: undefined })).toBe(
      `
  PrimeTrade is running at http://localhost:3000

  Data  /srv/.data
  API   http://localhost:3000/api/docs
  Stop  Ctrl-C

`,
    );
  });

  it('says how to sign in to the demo account, unless its password was changed', () => {
    const facts = { port: 3000, data: '', demo: 'exists' as const };
    expect(banner(facts)).toMatch(/Demo {2}sign in as demo@\S+ with the password \S+\n/);
    expect(banner({ ...facts, demo: 'changed' })).not.toContain('look-around');
  });
});
