import fc from 'fast-check';
import { compile } from './compile.js';
import { createMemory } from './memory.js';
import { reconcile } from './reconcile.js';
import type { BehaviorSpec, HpaSpec } from './spec.js';
import { cpuSpec, NOW, scene } from './testing/scenes.js';
import type { ControllerMemory } from './types.js';

const use = fc.integer({ min: 0, max: 1000 });
const policies = fc.array(
  fc.record({
    type: fc.constantFrom('Pods', 'Percent'),
    value: fc.integer({ min: 1, max: 300 }),
    periodSeconds: fc.integer({ min: 1, max: 1800 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const rules = fc.record(
  {
    stabilizationWindowSeconds: fc.integer({ min: 0, max: 3600 }),
    selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
    policies,
    tolerance: fc.constantFrom('0', '20m', '0.1', '300m'),
  },
  { requiredKeys: [] },
);
const behavior: fc.Arbitrary<BehaviorSpec | undefined> = fc.option(
  fc.record({ scaleUp: rules, scaleDown: rules }, { requiredKeys: [] }),
  { nil: undefined },
);
const spec: fc.Arbitrary<HpaSpec> = fc
  .record({ min: fc.integer({ min: 1, max: 20 }), more: fc.nat(80), behavior })
  .map(({ min, more, behavior: given }) =>
    cpuSpec({ minReplicas: min, maxReplicas: min + more, behavior: given }),
  );
/** Milliseconds to the next sync and the load of each pod then. */
const ticks = fc.array(
  fc.record({ wait: fc.integer({ min: 1_000, max: 400_000 }), load: use, failed: fc.boolean() }),
  { minLength: 1, maxLength: 30 },
);

function copyOf(memory: ControllerMemory): ControllerMemory {
  return structuredClone(memory);
}

describe('reconcile', () => {
  it('never leaves the bounds', () => {
    fc.assert(
      fc.property(spec, fc.nat(200), ticks, (given, start, steps) => {
        const autoscaler = compile(given);
        const memory = createMemory();
        let now = NOW;
        let replicas = start;
        for (const { wait, load } of steps) {
          now += wait;
          const values = Array.from({ length: replicas }, () => load);
          replicas = reconcile(autoscaler, memory, { ...scene(values), now }).replicas;
          // No pods and minReplicas above 0: scaling is disabled.
          if (start === 0) expect(replicas).toBe(0);
          else {
            expect(replicas).toBeGreaterThanOrEqual(autoscaler.min);
            expect(replicas).toBeLessThanOrEqual(autoscaler.max);
          }
        }
      }),
    );
  });

  it('never asks for fewer pods under more load', () => {
    fc.assert(
      fc.property(
        spec,
        fc.array(use, { minLength: 1, maxLength: 20 }),
        fc.array(use, { minLength: 20, maxLength: 20 }),
        (given, values, extra) => {
          const autoscaler = compile(given);
          const more = values.map((value, i) => value + extra[i]!);
          const less = reconcile(autoscaler, createMemory(), scene(values));
          expect(
            reconcile(autoscaler, createMemory(), scene(more)).replicas,
          ).toBeGreaterThanOrEqual(less.replicas);
        },
      ),
    );
  });

  it('decides the same from the same memory and observation', () => {
    fc.assert(
      fc.property(spec, ticks, (given, steps) => {
        const autoscaler = compile(given);
        let memory = createMemory();
        let now = NOW;
        let replicas = autoscaler.min;
        for (const { wait, load } of steps) {
          now += wait;
          const observation = { ...scene(Array.from({ length: replicas }, () => load)), now };
          const copy = copyOf(memory);
          const decision = reconcile(autoscaler, memory, observation);
          expect(reconcile(autoscaler, copy, observation)).toEqual(decision);
          expect(copy).toEqual(memory);
          memory = copy;
          replicas = decision.replicas;
        }
      }),
    );
  });

  it('changes nothing when the load sits at the target', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const autoscaler = compile(given);
        const memory = createMemory();
        const replicas = autoscaler.max;
        const values = Array.from({ length: replicas }, () => 175);
        for (let tick = 0; tick < 5; tick++) {
          const observation = { ...scene(values), now: NOW + tick * 15_000 };
          expect(reconcile(autoscaler, memory, observation).replicas).toBe(replicas);
        }
      }),
    );
  });

  it('never scales down on a part of the metrics', () => {
    const two = (given: HpaSpec): HpaSpec => ({
      ...given,
      metrics: [
        ...given.metrics!,
        {
          type: 'External',
          external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '50' } },
        },
      ],
    });
    fc.assert(
      fc.property(spec, ticks, (given, steps) => {
        const autoscaler = compile(two(given));
        const memory = createMemory();
        let now = NOW;
        let replicas = autoscaler.max;
        for (const { wait, load, failed } of steps) {
          now += wait;
          const base = scene(Array.from({ length: replicas }, () => load));
          const external = failed
            ? ({ kind: 'failed', error: 'away' } as const)
            : ({ kind: 'values', values: [load * 100] } as const);
          const decision = reconcile(autoscaler, memory, {
            ...base,
            now,
            readings: [...base.readings, external],
          });
          expect(decision.error !== null).toBe(failed);
          if (failed && decision.metrics!.replicas < replicas) {
            expect(decision.replicas).toBe(replicas);
          }
          replicas = decision.replicas;
        }
      }),
    );
  });

  it('never turns a missing sample into a scale-up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(use, { freq: 3 }), { minLength: 1, maxLength: 20 }),
        fc.nat(19),
        (values, at) => {
          const autoscaler = compile(cpuSpec());
          const whole = values.map((value) => value ?? 100);
          const fewer = whole.map((value, i) => (i === at % whole.length ? null : value));
          const before = reconcile(autoscaler, createMemory(), scene(fewer));
          if (before.metrics!.replicas > whole.length) {
            // Even idle, the pod would not have kept the others from asking for more.
            const idle = fewer.map((value) => value ?? 0);
            expect(
              reconcile(autoscaler, createMemory(), scene(idle)).metrics!.replicas,
            ).toBeGreaterThan(whole.length);
          }
        },
      ),
    );
  });
});
