import { TZDate } from '@date-fns/tz';
import * as chrono from 'chrono-node';

/** A day without a time of day is its last minute, as everywhere in PrimeTrade. */
const END_OF_DAY = { hour: 23, minute: 59 };
/** No longer text is a date; the bound keeps the work on hostile files small. */
const MAX_LENGTH = 60;
/** JavaScript takes the numbers of earlier years for years of the 20th century. */
const MIN_YEAR = 100;

/** 2026-12-01, also with a time of day and a zone. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;
/** 31.12.2026, 31/12/2026 or 12/31/2026, also with a time of day. */
const NUMERIC = /^(\d{1,2})([./])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

const LANGUAGES: Record<string, { casual: chrono.Chrono }> = {
  ...{ en: chrono.en, de: chrono.de, es: chrono.es, fr: chrono.fr, it: chrono.it },
  ...{ ja: chrono.ja, nl: chrono.nl, pt: chrono.pt, ru: chrono.ru, sv: chrono.sv },
  ...{ fi: chrono.fi, uk: chrono.uk, zh: chrono.zh },
};

export interface DateOptions {
  /** What "tomorrow" counts from, in milliseconds since 1970. */
  now: number;
  /** Of times without a zone. */
  timeZone: string;
  /** Whether 3/4/2026 is in April; undefined when the file does not tell. */
  dayFirst?: boolean;
}

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/**
 * Reads a date as people and programs write it. All of the text must be the date: of "every
 * Monday", "Monday" alone would say something else.
 *
 * @param language two letters; English where it is not known
 * @returns ISO 8601 in UTC with milliseconds, or undefined when it cannot be told for certain
 */
export function readDate(text: string, options: DateOptions, language = 'en'): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_LENGTH) return undefined;
  const instant =
    ISO.test(trimmed) || NUMERIC.test(trimmed)
      ? readNumeric(trimmed, options)
      : readWords(trimmed, options, language);
  return instant === undefined ? undefined : toIso(instant);
}

/**
 * Whether dates like 3/4/2026 begin with the day: any date of the file with a number above 12
 * tells.
 *
 * @param text of the whole file
 * @returns undefined when none tells, or when they contradict each other
 */
export function findDayFirst(text: string): boolean | undefined {
  let dayFirst = false;
  let monthFirst = false;
  for (const [, first, second] of text.matchAll(/\b(\d{1,2})\/(\d{1,2})\/\d{4}\b/g)) {
    dayFirst ||= Number(first) > 12 && Number(second) <= 12;
    monthFirst ||= Number(second) > 12 && Number(first) <= 12;
  }
  return dayFirst === monthFirst ? undefined : dayFirst;
}

function readNumeric(text: string, options: DateOptions): number | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso;
    const wall = wallOf(year, month, day, hour, minute, second);
    if (wall === undefined || zone === undefined) return wall && instantOf(wall, options.timeZone);
    const instant = Date.parse(text.replace(' ', 'T').replace(/\s/, '').replace(',', '.'));
    return Number.isNaN(instant) ? undefined : instant;
  }
  const [, first, separator, second, year, ...time] = NUMERIC.exec(text)!;
  const dayFirst = separator === '.' || dayComesFirst(Number(first), Number(second), options);
  if (dayFirst === undefined) return undefined;
  const [day, month] = dayFirst ? [first, second] : [second, first];
  const wall = wallOf(year, month, day, ...time);
  return wall && instantOf(wall, options.timeZone);
}

function dayComesFirst(first: number, second: number, options: DateOptions): boolean | undefined {
  if (first > 12) return true;
  if (second > 12) return false;
  return first === second ? true : options.dayFirst;
}

function readWords(text: string, options: DateOptions, language: string): number | undefined {
  const { casual } = LANGUAGES[language.slice(0, 2).toLowerCase()] ?? chrono.en;
  const reference = {
    instant: new Date(options.now),
    timezone: -new TZDate(options.now, options.timeZone).getTimezoneOffset(),
  };
  const parse = (forwardDate: boolean) => {
    const [result, more] = casual.parse(text, reference, { forwardDate });
    const whole = result?.text === text && more === undefined && !result.end;
    return whole ? result.start : undefined;
  };
  let start = parse(false);
  // A weekday alone is the next one, a day of a month the nearest.
  if (start?.isCertain('weekday') && !start.isCertain('day')) start = parse(true);
  if (start === undefined) return undefined;
  if (start.isCertain('timezoneOffset')) return start.date().getTime();
  const timed = start.isCertain('hour');
  const part = (name: chrono.Component) => String(start.get(name) ?? 0);
  const wall = wallOf(
    part('year'),
    part('month'),
    part('day'),
    timed ? part('hour') : undefined,
    timed ? part('minute') : undefined,
    timed ? part('second') : undefined,
  );
  return wall && instantOf(wall, options.timeZone);
}

/** @returns undefined when the calendar or the clock has no such time */
function wallOf(
  year?: string,
  month?: string,
  day?: string,
  hour?: string,
  minute?: string,
  second?: string,
): Wall | undefined {
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    ...(hour === undefined
      ? { ...END_OF_DAY, second: 0 }
      : { hour: Number(hour), minute: Number(minute ?? 0), second: Number(second ?? 0) }),
  };
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day));
  const real =
    wall.year >= MIN_YEAR &&
    date.getUTCMonth() + 1 === wall.month &&
    date.getUTCDate() === wall.day;
  return real && wall.hour < 24 && wall.minute < 60 && wall.second < 60 ? wall : undefined;
}

function instantOf(wall: Wall, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wall;
  return new TZDate(year, month - 1, day, hour, minute, second, timeZone).getTime();
}

/** Undefined outside of the years that ISO 8601 writes in four digits. */
function toIso(instant: number): string | undefined {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  return /^(?!0000)\d{4}-/.test(iso) ? iso : undefined;
}
