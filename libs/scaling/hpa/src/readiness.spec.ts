import { isUnready } from './readiness.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { NOW, pod } from './testing/scenes.js';
import type { PodState, Sample } from './types.js';

const sample: Sample = { value: 1, timestamp: NOW, window: 15_000 };
const unready = (more: Partial<PodState>, at: Partial<Sample> = {}) =>
  isUnready(pod(0, more), { ...sample, ...at }, NOW, DEFAULT_SETTINGS);
const ago = (seconds: number) => NOW - seconds * 1000;

describe('isUnready', () => {
  it('is true without a condition or a start', () => {
    expect(unready({ ready: null })).toBe(true);
    expect(unready({ startTime: null })).toBe(true);
  });

  it('asks young pods for a sample wholly after they became ready', () => {
    const young = { startTime: ago(299) };
    expect(unready({ ...young, readyTransition: ago(15) })).toBe(false);
    expect(unready({ ...young, readyTransition: ago(14) })).toBe(true);
    expect(unready({ ...young, readyTransition: ago(100), ready: 'False' })).toBe(true);
    expect(unready({ ...young, readyTransition: ago(100), ready: 'Unknown' })).toBe(false);
  });

  it('asks old pods whether they ever were ready', () => {
    const old = { startTime: ago(300), ready: 'False' as const };
    expect(unready({ ...old, readyTransition: ago(271) })).toBe(true);
    expect(unready({ ...old, readyTransition: ago(270) })).toBe(false);
    expect(unready({ startTime: ago(300), readyTransition: ago(1) })).toBe(false);
  });
});
