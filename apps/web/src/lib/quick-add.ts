import type { TaskPriority } from '@primetrade/contracts';
import {
  matchClock,
  matchDate,
  matchName,
  matchPriority,
  type Clock,
  type DateValue,
  type Word,
} from './quick-add-grammar';
import { END_OF_DAY } from './due';
import { instantOf, isTimeZone, wallTime } from './zoned-time';

export type TokenKind = 'date' | 'time' | 'priority' | 'label' | 'project';

/** A piece of the line. All pieces, joined, are the line. */
export interface Segment {
  kind: 'text' | TokenKind;
  text: string;
}

/** What a line of the add box says. */
export interface QuickAdd {
  title: string;
  /** ISO 8601 in UTC. */
  dueAt: string | null;
  /** Whether the line names a time of day. */
  hasTime: boolean;
  priority: TaskPriority;
  /** Names without the `@`, each once. */
  labels: string[];
  /** Name without the `#`, as it was written. */
  project: string | null;
  segments: Segment[];
}

export interface QuickAddContext {
  /** When the line is written, in milliseconds since 1970. */
  now: number;
  /** IANA time zone in which its days and times are meant; an unknown one counts as UTC. */
  timeZone: string;
  /** First day of the week, 0 Sunday to 6 Saturday; Monday when left out. */
  weekStart?: number;
  /** Tokens, as written, that the person wants kept as plain words. */
  asText?: readonly string[];
}

const MOST_LABELS = 20;

interface Found {
  date?: DateValue;
  clock?: Clock;
  priority?: TaskPriority;
  labels: string[];
  project?: string;
}

interface Token {
  kind: TokenKind;
  start: number;
  end: number;
}

function wordsOf(line: string): Word[] {
  return [...line.matchAll(/\S+/gu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Reads the token that starts with the first of `words` into `found`. */
function readToken(
  words: readonly Word[],
  found: Found,
  afterDate: boolean,
  context: Required<Pick<QuickAddContext, 'now' | 'timeZone' | 'weekStart'>>,
): { kind: TokenKind; words: number } | null {
  const word = words[0] as Word;
  const priority = matchPriority(word);
  if (priority !== null && found.priority === undefined) {
    found.priority = priority;
    return { kind: 'priority', words: 1 };
  }
  const project = matchName(word, '#');
  if (project !== null && found.project === undefined) {
    found.project = project;
    return { kind: 'project', words: 1 };
  }
  const label = matchName(word, '@');
  if (label !== null && found.labels.length < MOST_LABELS) {
    const known = found.labels.some((name) => name.toLowerCase() === label.toLowerCase());
    if (!known) found.labels.push(label);
    return { kind: 'label', words: 1 };
  }
  if (found.date === undefined) {
    const date = matchDate(words, wallTime(context.now, context.timeZone), context.weekStart);
    if (date !== null) {
      found.date = date.value;
      return { kind: 'date', words: date.words };
    }
  }
  if (found.clock === undefined) {
    const clock = matchClock(words, afterDate);
    if (clock !== null) {
      found.clock = clock.value;
      return { kind: 'time', words: clock.words };
    }
  }
  return null;
}

/** The due time: a time alone means its next occurrence, a day alone lasts until its end. */
function dueOf(found: Found, now: number, timeZone: string): number | null {
  const { date } = found;
  if (date !== undefined && 'inMinutes' in date) return now + date.inMinutes * 60_000;
  const clock = found.clock ?? date?.clock;
  if (date !== undefined) return instantOf({ ...date.day, ...(clock ?? END_OF_DAY) }, timeZone);
  if (clock === undefined) return null;
  const today = wallTime(now, timeZone);
  const instant = instantOf({ ...today, ...clock }, timeZone);
  return instant > now ? instant : instantOf({ ...today, day: today.day + 1, ...clock }, timeZone);
}

/** Whether what was found names a moment rather than a day. */
function namesTime({ clock, date }: Found): boolean {
  if (clock !== undefined) return true;
  return date !== undefined && ('inMinutes' in date || date.clock !== undefined);
}

function segmentsOf(line: string, tokens: readonly Token[]): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (const { kind, start, end } of tokens) {
    if (start > position) segments.push({ kind: 'text', text: line.slice(position, start) });
    segments.push({ kind, text: line.slice(start, end) });
    position = end;
  }
  if (position < line.length) segments.push({ kind: 'text', text: line.slice(position) });
  return segments;
}

function titleOf(segments: readonly Segment[]): string {
  return segments
    .map(({ kind, text }) => (kind === 'text' ? text : ' '))
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Understands a line such as `Pay rent tomorrow 9am !high #home @errands`. The first date, time,
 * priority and project count; what is not understood stays in the title. A line of nothing but
 * tokens is a title as it stands. Never throws.
 */
export function parseQuickAdd(line: string, options: QuickAddContext): QuickAdd {
  const context = {
    now: options.now,
    timeZone: isTimeZone(options.timeZone) ? options.timeZone : 'UTC',
    weekStart: options.weekStart ?? 1,
  };
  const found: Found = { labels: [] };
  const tokens: Token[] = [];
  const words = wordsOf(line);
  let previous: TokenKind | null = null;
  for (let index = 0; index < words.length;) {
    const rest = words.slice(index, index + 5);
    const attempt: Found = { ...found, labels: [...found.labels] };
    const token = readToken(rest, attempt, previous === 'date', context);
    const start = (words[index] as Word).start;
    const end = token === null ? start : (words[index + token.words - 1] as Word).end;
    if (token === null || options.asText?.includes(line.slice(start, end))) {
      previous = null;
      index += 1;
      continue;
    }
    Object.assign(found, attempt);
    tokens.push({ kind: token.kind, start, end });
    previous = token.kind;
    index += token.words;
  }
  const segments = segmentsOf(line, tokens);
  const title = titleOf(segments);
  if (title === '' && tokens.length > 0) return plainLine(line);
  const due = dueOf(found, context.now, context.timeZone);
  return {
    title,
    dueAt: due === null ? null : new Date(due).toISOString(),
    hasTime: due !== null && namesTime(found),
    priority: found.priority ?? 'none',
    labels: found.labels,
    project: found.project ?? null,
    segments,
  };
}

function plainLine(line: string): QuickAdd {
  return {
    title: line.replace(/\s+/gu, ' ').trim(),
    dueAt: null,
    hasTime: false,
    priority: 'none',
    labels: [],
    project: null,
    segments: [{ kind: 'text', text: line }],
  };
}
