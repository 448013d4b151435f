import { KEPT_MS } from './last-writes.js';
import { UnrecordedWrites } from './unrecorded-writes.js';

describe('UnrecordedWrites', () => {
  it('keeps the latest position of each owner until that is recorded', () => {
    const writes = new UnrecordedWrites();
    writes.add('anna', '10');
    writes.add('anna', '9');
    writes.add('ben', '5');
    writes.settle('anna', '9');
    expect(writes.waiting()).toEqual([
      ['anna', '10'],
      ['ben', '5'],
    ]);
    writes.settle('anna', '11');
    expect(writes.waiting()).toEqual([['ben', '5']]);
  });

  it('forgets what nobody would ask for any more', () => {
    let now = 0;
    const writes = new UnrecordedWrites(() => now);
    writes.add('anna', '10');
    now = 1;
    writes.add('ben', '5');
    now = KEPT_MS;
    expect(writes.waiting()).toEqual([['ben', '5']]);
  });
});
