import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test-server.js';
import { RedisServer } from './redis-server.js';

const NODES = 3;
const SLOTS = 16_384;
/** After this long without an answer the other nodes take a node for failed. */
const NODE_TIMEOUT_MS = 2_000;

/** A Redis Cluster of three nodes without replicas, on loopback ports. */
export class RedisCluster {
  private constructor(
    private readonly folder: string,
    readonly nodes: readonly RedisServer[],
  ) {}

  /** Starts the nodes and waits until they serve all keys together. */
  static async start(): Promise<RedisCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'primetrade-redis-'));
    const busPorts: number[] = [];
    const nodes: RedisServer[] = [];
    for (let node = 0; node < NODES; node += 1) {
      busPorts.push(await freePort());
      nodes.push(await RedisServer.create(settings(folder, node, busPorts[node]!)));
    }
    const cluster = new RedisCluster(folder, nodes);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      for (const [index, node] of nodes.entries()) {
        const [first, behind] = [index, index + 1].map((n) => Math.floor((n * SLOTS) / NODES));
        await node.command(`CLUSTER ADDSLOTSRANGE ${first} ${behind! - 1}`);
        await nodes[0]!.command(`CLUSTER MEET 127.0.0.1 ${node.port} ${busPorts[index]}`);
      }
      await cluster.healthy();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Addresses of the nodes, as REDIS_URL takes them. */
  get urls(): string[] {
    return this.nodes.map((node) => node.url);
  }

  /** Waits until every node says that the cluster is whole. */
  async healthy(): Promise<void> {
    for (const node of this.nodes) {
      await node.process.until(async () => {
        const info = await node.command('CLUSTER INFO');
        return (
          info.includes('cluster_state:ok') &&
          info.includes(`cluster_slots_ok:${SLOTS}`) &&
          info.includes(`cluster_known_nodes:${NODES}`)
        );
      });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.process.stop('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function settings(folder: string, node: number, busPort: number): string[] {
  return Object.entries({
    dir: folder,
    'cluster-enabled': 'yes',
    'cluster-config-file': join(folder, `node-${node}.conf`),
    'cluster-announce-ip': '127.0.0.1',
    'cluster-port': `${busPort}`,
    'cluster-node-timeout': `${NODE_TIMEOUT_MS}`,
    // The others serve their keys while one node is away.
    'cluster-require-full-coverage': 'no',
  }).flatMap(([name, value]) => [`--${name}`, value]);
}
