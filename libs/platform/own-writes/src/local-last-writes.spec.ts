import { LocalLastWrites } from './local-last-writes.js';

describe('LocalLastWrites', () => {
  it('knows the latest write of each owner', async () => {
    const writes = new LocalLastWrites();
    expect(await writes.of('anna')).toBe('none');
    await writes.record('anna', '10');
    await writes.record('anna', '9');
    expect(await writes.of('anna')).toBe('10');
    expect(await writes.of('ben')).toBe('none');
  });

  it('takes whom it had to forget for one who wrote last of all that it forgot', async () => {
    const writes = new LocalLastWrites(2);
    for (const [owner, position] of [
      ['anna', '30'],
      ['ben', '20'],
      ['cleo', '40'],
      ['dan', '50'],
    ]) {
      await writes.record(owner!, position as `${bigint}`);
    }
    expect(await writes.of('anna')).toBe('30');
    expect(await writes.of('ben')).toBe('30');
    expect(await writes.of('dan')).toBe('50');
  });
});
