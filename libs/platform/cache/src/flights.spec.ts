import {
  currentRequest,
  type RequestContext,
  runForRequest,
} from '@primetrade/platform-request-context';
import { Flights } from './flights.js';

const KEY = 'user:{anna}:tasks';
const request = (over: Partial<RequestContext> = {}): RequestContext => ({
  requestId: 'test',
  deadline: Infinity,
  ...over,
});

/** A load that ends when it is told to. */
class Load {
  runs = 0;
  context: RequestContext | undefined;
  private readonly started: (() => void)[] = [];
  private readonly ends: ((text: string | Error) => void)[] = [];

  readonly run = (): Promise<string> => {
    this.runs += 1;
    this.context = currentRequest();
    for (const tell of this.started.splice(0)) tell();
    return new Promise((resolve, reject) => {
      this.ends.push((text) => (typeof text === 'string' ? resolve(text) : reject(text)));
    });
  };

  begun(): Promise<void> {
    return new Promise((resolve) => this.started.push(resolve));
  }

  end(text: string | Error): void {
    this.ends.shift()!(text);
  }
}

describe('Flights', () => {
  const share = (flights: Flights, load: Load, notBefore?: number) =>
    flights.share(KEY, '', notBefore, load.run);

  it('runs one load for all who ask meanwhile, and marks each as stale if it was', async () => {
    const flights = new Flights();
    const load = new Load();
    const contexts = Array.from({ length: 1000 }, () => request());
    const texts = contexts.map((context) => runForRequest(context, () => share(flights, load)));
    load.context!.stale = true;
    load.end('text');
    expect(new Set((await Promise.all(texts)).map(({ text }) => text))).toEqual(new Set(['text']));
    expect(load.runs).toBe(1);
    expect(contexts.every(({ stale }) => stale === true)).toBe(true);
    const later = request();
    const next = runForRequest(later, () => share(flights, load));
    load.end('fresh');
    await next;
    expect(later.stale).toBeUndefined();
  });

  it('does not end with the deadline of the caller that began it', async () => {
    const flights = new Flights();
    const load = new Load();
    const hasty = runForRequest(request({ deadline: performance.now() + 5 }), () =>
      share(flights, load),
    );
    const patient = runForRequest(request(), () => share(flights, load));
    await expect(hasty).rejects.toMatchObject({ code: 'overloaded' });
    expect(load.context!.deadline).toBeGreaterThan(performance.now() + 1_000);
    load.end('text');
    expect(await patient).toEqual({ text: 'text', shared: true });
    expect(load.runs).toBe(1);
  });

  it('lets those who may not share the load before them share the next one', async () => {
    const flights = new Flights();
    const load = new Load();
    const first = share(flights, load, flights.arrival());
    const arrivals = Array.from({ length: 1000 }, () => flights.arrival());
    const others = arrivals.map((arrival) => share(flights, load, arrival));
    const second = load.begun();
    load.end('old');
    await second;
    load.end('new');
    expect((await first).text).toBe('old');
    expect(new Set((await Promise.all(others)).map(({ text }) => text))).toEqual(new Set(['new']));
    expect(load.runs).toBe(2);
  });

  it('fails for all who share it, and then tries again', async () => {
    const flights = new Flights();
    const load = new Load();
    const both = Promise.allSettled([share(flights, load), share(flights, load)]);
    load.end(new Error('no'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = share(flights, load);
    load.end('yes');
    expect((await again).text).toBe('yes');
  });
});
