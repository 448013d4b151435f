import { Agent, request } from 'node:http';
import { build, type Histogram } from 'hdr-histogram-js';

/** One way to the same answer. */
export interface Way {
  id: string;
  title: string;
  /** Complete address. */
  url: string;
  token: string;
}

export interface WayLatency {
  way: Way;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
}

/** So many requests one after the other, before the next way has its turn. */
const BLOCK = 50;
const WARM_UP_BLOCKS = 10;

/**
 * Latencies of several ways to the same answer at one connection each, one request at a time. The
 * ways take turns in short blocks, so that whatever slows the machine slows all of them.
 *
 * @param blocks measured blocks of each way
 */
export async function compareWays(ways: readonly Way[], blocks: number): Promise<WayLatency[]> {
  const lanes = ways.map((way) => ({
    way,
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
    histogram: microseconds(),
  }));
  for (let block = -WARM_UP_BLOCKS; block < blocks; block += 1) {
    for (const { way, agent, histogram } of lanes) {
      for (let n = 0; n < BLOCK; n += 1) {
        const took = await once(way, agent);
        if (block >= 0) histogram.recordValue(took);
      }
    }
  }
  return lanes.map(({ way, agent, histogram }) => {
    agent.destroy();
    const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
    return { way, p50: at(50), p95: at(95), p99: at(99) };
  });
}

function microseconds(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
}

/** @returns microseconds until the whole answer was there */
function once({ url, token }: Way, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const call = request(
      url,
      { agent, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        answer.resume();
        answer.once('error', reject);
        answer.once('end', () => {
          if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}.`));
          else resolve(Math.max(1, Math.round((performance.now() - began) * 1000)));
        });
      },
    );
    call.once('error', reject);
    call.end();
  });
}
