import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BehaviorCase, CalcCase, Trace, TraceTick } from '../recording.js';

const FOLDER = resolve(import.meta.dirname, 'recordings');

/** What the real controller did, beside what it was given. */
export interface ExpectedCalc extends CalcCase {
  expectedReplicas: number;
  expectedUtilization?: number;
  expectedUsageMilli?: number;
  expectedError?: string;
}

export interface ExpectedBehavior extends BehaviorCase {
  steps: (BehaviorCase['steps'][number] & {
    expected: number;
    ableToScaleReason: string;
    scalingLimited: boolean;
    scalingLimitedReason: string;
  })[];
}

export interface ExpectedTrace extends Trace {
  ticks: (TraceTick & {
    expectedSpecReplicas: number;
    expectedConditions: Record<string, string>;
    expectedError?: boolean;
  })[];
}

export function recordedCalc(): ExpectedCalc[] {
  return read('calc.json.gz');
}

export function recordedBehavior(): ExpectedBehavior[] {
  return read('behavior.json.gz');
}

export function recordedTraces(): ExpectedTrace[] {
  return readdirSync(FOLDER)
    .filter((file) => file.startsWith('trace-'))
    .map((file) => read<ExpectedTrace>(file));
}

function read<T>(file: string): T {
  return JSON.parse(gunzipSync(readFileSync(resolve(FOLDER, file))).toString()) as T;
}
