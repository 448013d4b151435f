import type { Service } from '@primetrade/testing/fleet';

export interface ServiceResources {
  service: string;
  /** From starting the process until /ready answers 200, in milliseconds: the median of several. */
  startMs: number;
  /** Resident memory in bytes. */
  idleBytes: number;
  loadedBytes: number;
}

const STARTS = 5;

/** Restarts a service a few times, alone, while everything that it needs is there. */
export async function timeStarts(service: Service): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    await service.process.stop();
    const began = performance.now();
    await service.start();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(STARTS / 2)]!;
}
