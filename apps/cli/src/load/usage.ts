import type { Usage } from './run.js';

const TIMEOUT_MS = 2000;
const NOTHING: Usage = { cpuSeconds: null, resident: null };

/**
 * What a process says of itself in the format of Prometheus. A failure is no reason to end a load
 * run: then it is not known.
 */
export async function usageOf(url: string): Promise<Usage> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return NOTHING;
    const text = await response.text();
    return {
      cpuSeconds: valueOf(text, 'process_cpu_seconds_total'),
      resident: valueOf(text, 'process_resident_memory_bytes'),
    };
  } catch {
    return NOTHING;
  }
}

/** The sum over all labels; null if there is no such metric. */
function valueOf(text: string, metric: string): number | null {
  let sum: number | null = null;
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{[^}]*\})? (\S+)/.exec(line);
    if (match?.[1] === metric) sum = (sum ?? 0) + Number(match[2]);
  }
  return sum;
}
