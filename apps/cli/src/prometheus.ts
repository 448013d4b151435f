import { CommandError } from './io.js';

const TIMEOUT_MS = 30_000;
/** Prometheus answers at most this many points a series. */
const MAX_POINTS = 11_000;

export interface Series {
  labels: Record<string, string>;
  /** In order of time. */
  points: { time: number; value: number }[];
}

/** The HTTP API of a Prometheus server. */
export class Prometheus {
  constructor(private readonly url: string) {}

  /**
   * A query over a range of time.
   *
   * @param from seconds since 1970
   * @param step seconds; made larger where the range would have too many points
   * @returns series by their labels, without points that are not numbers
   * @throws CommandError if there is no such server, or it refuses the query
   */
  async range(query: string, from: number, to: number, step: number): Promise<Series[]> {
    const wide = Math.max(step, Math.ceil((to - from) / (MAX_POINTS - 1)));
    const parameters = new URLSearchParams({
      query,
      start: String(from),
      end: String(to),
      step: String(wide),
    });
    const answer = await this.ask(`query_range?${parameters.toString()}`, query);
    const series = (answer.data?.result ?? []).map(({ metric, values }) => ({
      labels: metric,
      points: values
        .map(([time, value]) => ({ time: Number(time), value: Number(value) }))
        .filter(({ value }) => Number.isFinite(value)),
    }));
    const key = ({ labels }: Series) => JSON.stringify(Object.entries(labels).sort());
    return series.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  private async ask(path: string, query: string): Promise<Answer> {
    let response: Response;
    try {
      response = await fetch(`${this.url.replace(/\/+$/, '')}/api/v1/${path}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { message?: string; code?: string } };
      const why = cause?.message || cause?.code || message;
      throw new CommandError(`Prometheus at ${this.url} does not answer: ${why}`);
    }
    const answer = (await response.json().catch(() => null)) as Answer | null;
    if (answer?.status !== 'success') {
      const why = answer?.error ?? `status ${response.status}, and no answer of its API`;
      throw new CommandError(`Prometheus at ${this.url} refuses ${query}: ${why}`);
    }
    return answer;
  }
}

interface Answer {
  status: string;
  error?: string;
  data?: {
    result: { metric: Record<string, string>; values: [number, string][] }[];
  };
}
