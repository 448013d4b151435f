import fc from 'fast-check';
import type { Scenario } from './scenario.js';
import { simulate } from './simulate.js';
import { hpa, MEBIBYTE, MODEL, scenario } from './testing/scenarios.js';

const workload = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 120 });
const bounds = fc
  .record({ min: fc.integer({ min: 1, max: 8 }), more: fc.nat(30) })
  .map(({ min, more }) => ({ minReplicas: min, maxReplicas: min + more }));
const behavior = fc.constantFrom(undefined, {}, { scaleDown: { stabilizationWindowSeconds: 0 } });
const nodes = fc.option(
  fc
    .record({ min: fc.integer({ min: 2, max: 4 }), more: fc.nat(6), provision: fc.nat(300) })
    .map(({ min, more, provision }) => ({
      capacity: { cpu: 2000, memory: 4096 * MEBIBYTE },
      min,
      max: min + more,
      provision,
      idle: 300,
    })),
);
const any: fc.Arbitrary<Scenario> = fc
  .record({ workload, bounds, behavior, nodes, boot: fc.nat(120) })
  .map(({ workload: rates, bounds: given, behavior: rules, nodes: pool, boot }) =>
    scenario(
      {
        workload: rates,
        hpa: hpa({ ...given, behavior: rules }),
        model: { ...MODEL, start: { ...MODEL.start, boot } },
      },
      { nodes: pool },
    ),
  );

/** As many pods all the time. */
function fixed(rates: number[], pods: number, faster = 1) {
  const points = MODEL.points.map(({ rate, p95 }) => ({ rate: rate * faster, p95 }));
  return simulate(
    scenario({
      workload: rates,
      model: { ...MODEL, points },
      hpa: hpa({ minReplicas: pods, maxReplicas: pods }),
    }),
  ).services[0]!;
}

describe('a simulation', () => {
  it('loses no request', () => {
    fc.assert(
      fc.property(any, (given) => {
        const { offered, served, failed, waiting } = simulate(given).services[0]!.requests;
        expect(served + failed + waiting).toBeCloseTo(offered, 4);
        for (const part of [served, failed, waiting]) expect(part).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('keeps pods and nodes within their bounds', () => {
    fc.assert(
      fc.property(any, (given) => {
        const { services, nodes: paid } = simulate(given);
        const { minReplicas, maxReplicas } = given.services[0]!.hpa;
        const { replicas, ready, p95 } = services[0]!.course;
        for (let i = 0; i < replicas.length; i++) {
          expect(replicas[i]).toBeGreaterThanOrEqual(minReplicas!);
          expect(replicas[i]).toBeLessThanOrEqual(maxReplicas);
          expect(ready[i]).toBeLessThanOrEqual(replicas[i]!);
          expect(p95[i]).toBeGreaterThanOrEqual(0);
          expect(p95[i]).toBeLessThanOrEqual(MODEL.timeout + 0.2 + 1e-9);
        }
        for (const count of paid?.course ?? []) {
          expect(count).toBeGreaterThanOrEqual(given.nodes!.min);
          expect(count).toBeLessThanOrEqual(given.nodes!.max);
        }
      }),
    );
  });

  it('gives the same for the same, and leaves the scenario as it is', () => {
    fc.assert(
      fc.property(any, (given) => {
        const before = structuredClone(given);
        expect(simulate(given)).toEqual(simulate(given));
        expect(given).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('never fails more requests with more pods, or faster ones', () => {
    fc.assert(
      fc.property(workload, fc.integer({ min: 1, max: 12 }), (rates, pods) => {
        const few = fixed(rates, pods);
        for (const better of [fixed(rates, pods + 1), fixed(rates, pods, 1.25)]) {
          expect(better.requests.failed).toBeLessThanOrEqual(few.requests.failed + 1e-6);
          expect(better.sloMinutesMissed).toBeLessThanOrEqual(few.sloMinutesMissed);
          expect(better.p95.worst).toBeLessThanOrEqual(few.p95.worst + 1e-9);
        }
      }),
    );
  });

  it('never fails fewer requests with more load', () => {
    fc.assert(
      fc.property(workload, fc.integer({ min: 1, max: 12 }), (rates, pods) => {
        const doubled = fixed(
          rates.map((rate) => rate * 2),
          pods,
        );
        expect(doubled.requests.failed).toBeGreaterThanOrEqual(
          fixed(rates, pods).requests.failed - 1e-6,
        );
      }),
    );
  });

  it('comes to rest under a constant load', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), bounds, (rate, given) => {
        const { replicas } = simulate(
          scenario({ workload: new Float64Array(240).fill(rate), hpa: hpa(given) }),
        ).services[0]!.course;
        // Ten minutes are more than the stabilisation window and a start together.
        expect(new Set(replicas.slice(120)).size).toBe(1);
      }),
    );
  });

  it('does not depend on the order of services that share no nodes', () => {
    fc.assert(
      fc.property(workload, (rates) => {
        const [one] = scenario({ workload: rates }).services;
        const other = { ...one!, name: 'auth', workload: rates.map((rate) => rate / 2) };
        const [a, b] = simulate({ services: [one!, other] }).services;
        const [d, c] = simulate({ services: [other, one!] }).services;
        expect([a, b]).toEqual([c, d]);
      }),
      { numRuns: 40 },
    );
  });
});
