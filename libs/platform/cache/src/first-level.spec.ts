import type { ChannelListener, RedisChannels } from '@primetrade/platform-redis';
import { FirstLevel } from './first-level.js';

const KEY = 'user:{anna}:tasks';

class TestChannels implements Pick<RedisChannels, 'up' | 'listen' | 'publish'> {
  up = true;
  listener: ChannelListener | undefined;
  readonly published: string[] = [];
  listen(_channel: string, listener: ChannelListener): void {
    this.listener = listener;
  }
  async publish(_channel: string, text: string): Promise<void> {
    this.published.push(text);
  }
}

describe('FirstLevel', () => {
  let channels: TestChannels;
  let level: FirstLevel;
  let now: number;
  beforeEach(() => {
    channels = new TestChannels();
    now = 0;
    level = new FirstLevel(channels as unknown as RedisChannels, 'test', 1e6, () => now);
  });
  const keep = async (text: string) => level.set(await level.begin(KEY), '', text, 300_000);

  it('forgets what other processes say, also what is being loaded', async () => {
    await keep('old');
    const load = await level.begin(KEY);
    const others = new TestChannels();
    new FirstLevel(others as unknown as RedisChannels, 'test', 1e6).tellOthers([KEY]);
    channels.listener!.message(others.published[0]!);
    expect(await level.get(KEY, '')).toBeUndefined();
    await level.set(load, '', 'old', 300_000);
    expect(await level.get(KEY, '')).toBeUndefined();
    await keep('new');
    expect(await level.get(KEY, '')).toBe('new');
  });

  it('keeps what it has read since it told others itself', async () => {
    level.tellOthers([KEY]);
    await keep('new');
    channels.listener!.message(channels.published[0]!);
    expect(await level.get(KEY, '')).toBe('new');
  });

  it('is not used while messages do not arrive, and is empty afterwards', async () => {
    await keep('old');
    const load = await level.begin(KEY);
    channels.up = false;
    channels.listener!.down();
    expect(await level.get(KEY, '')).toBeUndefined();
    await keep('unseen');
    channels.up = true;
    channels.listener!.up();
    await level.set(load, '', 'from before', 300_000);
    expect(await level.get(KEY, '')).toBeUndefined();
  });

  it('keeps a copy for half a minute at most', async () => {
    await keep('text');
    now = 29_999;
    expect(await level.get(KEY, '')).toBe('text');
    now = 30_000;
    expect(await level.get(KEY, '')).toBeUndefined();
  });

  it('forgets everything when it does not understand', async () => {
    await keep('text');
    channels.listener!.message('{');
    expect(await level.get(KEY, '')).toBeUndefined();
  });
});
