import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Cluster, type Redis } from 'ioredis';
import { RedisConnection } from './redis-connection.js';
import { pause } from './redis-options.js';

/** Who listens to a channel. */
export interface ChannelListener {
  message(text: string): void;
  /** From now on every message arrives; what was published before may be lost. */
  up(): void;
  /** Messages may be lost from now on. */
  down(): void;
}

/** How often it is tried whether messages arrive. */
const BEAT_MS = 500;
/** So many tries in a row without an arrival mean that messages are lost. */
const MAX_UNANSWERED = 2;

/**
 * Channels of the process, over one connection of its own. It counts as up only while messages
 * that this process publishes to itself arrive: a connection can be open and dead, and a node of a
 * cluster can be cut off from the others.
 */
@Injectable()
export class RedisChannels implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly listeners = new Map<string, ChannelListener[]>();
  /** Where this process publishes to itself. */
  private readonly ownChannel = `primetrade:beat:${randomUUID()}`;
  private connection: Redis | undefined;
  private isUp = false;
  private unanswered = 0;
  /** The node of a cluster that took the last message. */
  private publisher: Redis | undefined;
  private turn = 0;
  private failures = 0;
  private beat: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly redis: RedisConnection) {}

  /** Whether every message that is published now arrives here. */
  get up(): boolean {
    return this.isUp;
  }

  /** To be called before the process has started. */
  listen(channel: string, listener: ChannelListener): void {
    this.listeners.set(channel, [...(this.listeners.get(channel) ?? []), listener]);
  }

  /**
   * Tells every process that listens, in the order of the calls as long as the server that takes
   * them stays. Never fails: a message that cannot be sent is lost.
   */
  async publish(channel: string, text: string): Promise<void> {
    for (const server of this.servers()) {
      try {
        await server.publish(channel, text);
        this.publisher = server;
        return;
      } catch {
        // Another node of the cluster may take it.
      }
    }
  }

  onApplicationBootstrap(): void {
    if (this.listeners.size > 0) this.connect();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.beat);
    this.connection?.disconnect();
  }

  private connect(): void {
    const connection = this.redis.subscription(this.turn++);
    if (connection === undefined) return;
    this.connection = connection;
    // Why it fails is what the process's other connection says too.
    connection.on('error', () => undefined);
    connection.on('message', (channel: string, text: string) => this.receive(channel, text));
    connection.once('end', () => this.lost(connection));
    connection
      .connect()
      .then(() => connection.subscribe(this.ownChannel, ...this.listeners.keys()))
      .then(() => this.startBeating(connection))
      .catch(() => this.lost(connection));
  }

  private startBeating(connection: Redis): void {
    if (this.connection !== connection || this.stopped) return;
    this.unanswered = 0;
    const beat = () => {
      if (this.unanswered >= MAX_UNANSWERED) return this.lost(connection);
      this.unanswered += 1;
      void this.publish(this.ownChannel, '');
    };
    beat();
    this.beat = setInterval(beat, BEAT_MS).unref();
  }

  private receive(channel: string, text: string): void {
    if (channel === this.ownChannel) {
      this.unanswered = 0;
      this.failures = 0;
      this.change(true);
      return;
    }
    for (const listener of this.listeners.get(channel) ?? []) listener.message(text);
  }

  private lost(connection: Redis): void {
    if (this.connection !== connection || this.stopped) return;
    this.connection = undefined;
    this.publisher = undefined;
    if (connection.status !== 'end') connection.disconnect();
    clearInterval(this.beat);
    this.change(false);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), pause(this.failures - 1)).unref();
  }

  /**
   * Where to publish. Any node of a cluster would do, but two of them overtake each other: one is
   * kept until it fails or no message arrives through it.
   */
  private servers(): Redis[] {
    const { client } = this.redis;
    if (client === undefined) return [];
    if (!(client instanceof Cluster)) return [client];
    const nodes = client.nodes().filter(({ status }) => status === 'ready');
    const kept = this.publisher === undefined ? -1 : nodes.indexOf(this.publisher);
    const first = kept >= 0 ? kept : Math.floor(Math.random() * nodes.length);
    return [...nodes.slice(first), ...nodes.slice(0, first)];
  }

  private change(up: boolean): void {
    if (this.isUp === up) return;
    this.isUp = up;
    if (!up) this.logger.warn('Messages of other processes do not arrive. Connecting anew.');
    for (const listener of [...this.listeners.values()].flat()) {
      if (up) listener.up();
      else listener.down();
    }
  }
}
