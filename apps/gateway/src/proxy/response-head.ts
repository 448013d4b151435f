import { HOP_BY_HOP, namedByConnection } from './hop-by-hop.js';

/** The beginning of a service's answer. */
export interface ResponseHead {
  /** Names and values in turn, as they go to the caller. */
  headers: string[];
  /** Whether it is a stream of events, which ends only when somebody ends it. */
  isEventStream: boolean;
}

type OwnHeaders = Readonly<Record<string, number | string | readonly string[] | undefined>>;

/**
 * The headers of an answer as the caller gets them: those of the service, and what only the gateway
 * says.
 *
 * @param raw of the service, names and values in turn, as bytes or in latin1
 * @param own of the gateway, by names in lower case; where both say something, the service is right
 *   about its answer, and the gateway about who may see it
 */
export function responseHead(raw: readonly (Buffer | string)[], own: OwnHeaders): ResponseHead {
  const given: [name: string, value: string][] = [];
  for (let n = 0; n < raw.length; n += 2) {
    given.push([latin1(raw[n]!).toLowerCase(), latin1(raw[n + 1]!)]);
  }
  const named = namedByConnection(given.find(([name]) => name === 'connection')?.[1]);
  const headers: string[] = [];
  const said = new Set<string>();
  let isEventStream = false;
  for (const [name, value] of given) {
    if (HOP_BY_HOP.has(name) || named?.has(name)) continue;
    if (name.startsWith('access-control-') || name === 'x-request-id') continue;
    said.add(name);
    if (name === 'content-type') isEventStream = value.startsWith('text/event-stream');
    headers.push(name, name === 'vary' ? joined(value, own['vary']) : value);
  }
  for (const name in own) {
    const value = own[name];
    if (value === undefined || said.has(name)) continue;
    for (const each of Array.isArray(value) ? (value as string[]) : [value]) {
      headers.push(name, String(each));
    }
  }
  // The connection goes with the stream: kept alive, it would hold up whoever wants to stop.
  if (isEventStream && own['connection'] === undefined) headers.push('connection', 'close');
  return { headers, isEventStream };
}

function joined(value: string, more: OwnHeaders[string]): string {
  return more === undefined || value === '*' ? value : `${value}, ${String(more)}`;
}

function latin1(text: Buffer | string): string {
  return typeof text === 'string' ? text : text.toString('latin1');
}
