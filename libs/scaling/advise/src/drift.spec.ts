import fc from 'fast-check';
import { advise } from './advise.js';
import type { Settings } from './evidence.js';
import { overlayOf } from './overlay.js';
import { CHART, evidence, livedWith, MEBIBYTE } from './testing/evidence.js';
import { BOOK } from './testing/price-book.js';

/** Follows the advice, lets days pass in the simulator, and asks again. */
function followed(settings: Settings, peak: number, days: number) {
  const lived = livedWith('tasks', settings, days, peak);
  const advice = advise(evidence([lived], { step: 60, maxConnections: 500 }), BOOK);
  const { request, limit, hpa, pool } = advice.services[0]!.sizing!;
  const next: Settings = {
    cpuRequest: request.cpu,
    cpuLimit: limit.cpu,
    memoryRequest: request.memory,
    memoryLimit: limit.memory,
    hpa: { ...hpa },
    pool,
  };
  return { next, overlay: overlayOf(advice)! };
}

describe('advice that is followed', () => {
  it('does not drift in ten rounds', () => {
    const rounds: Settings[] = [];
    let settings: Settings = CHART;
    for (let round = 0; round < 10; round++) {
      settings = followed(settings, 900, 1.1).next;
      rounds.push(settings);
    }
    expect(rounds[0]).not.toEqual(CHART);
    for (const later of rounds.slice(1)) expect(later).toEqual(rounds[0]);
  });

  it('comes to the same from wherever it begins, and stays there', () => {
    const start = fc.record({
      cpuRequest: fc.integer({ min: 100, max: 480 }),
      target: fc.integer({ min: 40, max: 90 }),
      memory: fc.integer({ min: 256, max: 1024 }),
      peak: fc.integer({ min: 200, max: 1500 }),
    });
    fc.assert(
      fc.property(start, ({ cpuRequest, target, memory, peak }) => {
        const first = followed(
          {
            ...CHART,
            cpuRequest,
            memoryRequest: memory * MEBIBYTE,
            memoryLimit: 2048 * MEBIBYTE,
            hpa: { min: 3, max: 60, cpu: target, memory: 95 },
          },
          peak,
          1.1,
        ).next;
        const second = followed(first, peak, 1.1).next;
        expect(second).toEqual(first);
        expect(first.cpuRequest).toBeGreaterThanOrEqual(370);
        expect(first.cpuRequest).toBeLessThanOrEqual(450);
      }),
      { numRuns: 5 },
    );
  });

  it('is written the same for the same data', () => {
    const { overlay } = followed(CHART, 900, 1.1);
    expect(followed(CHART, 900, 1.1).overlay).toBe(overlay);
    expect(overlay).toMatch(/^tasks:\n {2}resources:\n {4}requests:\n {6}# A request takes 2\.5/m);
    expect(overlay).toMatch(
      /^# \d+ connections could be needed .* max_connections 500 suffice\.\n$/m,
    );
  });
});
