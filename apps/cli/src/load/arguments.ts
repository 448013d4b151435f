import { InvalidArgumentError } from 'commander';
import { durationOption } from '../options.js';
import { ACTIONS, type Action, USUAL_WEIGHTS, type Weights } from './journey.js';
import type { Stage } from './plan.js';
import type { Slo } from './verdict.js';

/** `500ms`, `30s`, `2m`, `1h`, in seconds. */
export function seconds(text: string): number {
  const value = durationOption(text);
  if (value === 0) throw new InvalidArgumentError('It is no time at all.');
  return value;
}

/** Requests a second. */
export function rate(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value === 0) {
    throw new InvalidArgumentError('It is not a number of requests a second above 0.');
  }
  return value;
}

/** `10:200/2m`: from 10 to 200 requests a second within 2 minutes; may be given several times. */
export function ramp(text: string, before: Stage[] = []): Stage[] {
  const match = /^([\d.]+):([\d.]+)\/(\w+(?:\.\d+)?\w*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It is not a ramp such as 10:200/2m.');
  const [, from, to, time] = match;
  return [...before, { from: rate(from!), to: rate(to!), seconds: seconds(time!) }];
}

/** `10,20,40` */
export function rates(text: string): number[] {
  return text.split(',').map(rate);
}

/** `1,2,4,8` */
export function counts(text: string): number[] {
  return text.split(',').map(count);
}

export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is not a whole number above 0.');
  return Number(text);
}

/** `1%` or `0.01`, as a share. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = Number(match?.[1]) / (match?.[2] ? 100 : 1);
  if (!(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It is not a share such as 0.1% or 0.001.');
  }
  return value;
}

/** `p95=150ms` */
export function slo(text: string): Slo {
  const match = /^p(\d{1,2}(?:\.\d+)?)=(.+)$/.exec(text);
  if (!match || Number(match[1]) === 0) {
    throw new InvalidArgumentError('It is not an objective such as p95=150ms.');
  }
  return { percentile: Number(match[1]), limitMs: seconds(match[2]!) * 1000 };
}

export function slos(text: string, before: Slo[] = []): Slo[] {
  return [...before, slo(text)];
}

/** `list=80,create=20` */
export function weights(text: string): Weights {
  const parsed: Weights = {};
  for (const part of text.split(',')) {
    const match = /^([a-z-]+)=(\d+(?:\.\d+)?)$/.exec(part);
    if (!match || !ACTIONS.includes(match[1] as Action)) {
      throw new InvalidArgumentError(
        `"${part}" is not a weight: there are ${ACTIONS.join(', ')}, as in ${sample()}.`,
      );
    }
    parsed[match[1] as Action] = Number(match[2]);
  }
  if (!Object.values(parsed).some((weight) => weight > 0)) {
    throw new InvalidArgumentError('All weights are 0.');
  }
  return parsed;
}

function sample(): string {
  return Object.entries(USUAL_WEIGHTS)
    .map(([action, weight]) => `${action}=${weight}`)
    .join(',');
}

/** `name: value`; may be given several times. */
export function header(text: string, before: Record<string, string> = {}): Record<string, string> {
  const match = /^([!#$%&'*+.^_`|~\w-]+):\s*([^\r\n]*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It is not a header such as "accept: text/html".');
  return { ...before, [match[1]!.toLowerCase()]: match[2]! };
}

export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It is not a URL that begins with http:// or https://.');
  }
  return url;
}
