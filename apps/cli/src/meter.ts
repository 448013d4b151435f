import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

/** How busy this process was. */
export interface Generator {
  /** Part of the time in which its event loop was busy. */
  utilization: number;
  /** Processor cores that it used. */
  cores: number;
  /** Part of all processors that were in use, by whatever runs here. */
  machine: number;
}

/** Begins to measure how busy this process is; the result ends it. */
export type Meter = () => () => Generator;

export const realMeter: Meter = () => {
  const idle = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const machine = machineTimes();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const { busy, all } = machineTimes();
    return {
      utilization: performance.eventLoopUtilization(idle).utilization,
      cores: (user + system) / 1000 / (performance.now() - begin),
      machine: all > machine.all ? (busy - machine.busy) / (all - machine.all) : 0,
    };
  };
};

/** Milliseconds of all processors so far. */
function machineTimes(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busy, all };
}
