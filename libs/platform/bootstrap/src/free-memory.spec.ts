import { freeMemory } from './free-memory.js';

/** Memory while half a million objects are there that nothing uses afterwards. */
function fill(): NodeJS.MemoryUsage {
  const rubbish = Array.from({ length: 500_000 }, (_, n) => ({ n }));
  const usage = process.memoryUsage();
  expect(rubbish).toHaveLength(500_000);
  return usage;
}

describe('freeMemory', () => {
  it('gives back what nothing uses any more', async () => {
    const before = fill();
    await freeMemory();
    const after = process.memoryUsage();
    expect(after.heapUsed).toBeLessThan(before.heapUsed - 8_000_000);
    expect(after.heapTotal).toBeLessThan(before.heapTotal);
  });
});
