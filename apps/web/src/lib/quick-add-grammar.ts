import type { TaskPriority } from '@primetrade/contracts';
import { addDays, isCalendarDay, weekdayOf, type WallTime } from './zoned-time';

/** A word of the line, without the spaces around it. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** What a run of words means, and how many words it takes. */
export interface Match<T> {
  value: T;
  words: number;
}

interface Day {
  year: number;
  month: number;
  day: number;
}

export interface Clock {
  hour: number;
  minute: number;
}

/** A due date, or a distance from now that is shorter than a day. */
export type DateValue = { day: Day; clock?: Clock } | { inMinutes: number };

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const PREPOSITIONS = new Set(['on', 'by', 'due']);
const TODAY = new Set(['today', 'tod']);
const TOMORROW = new Set(['tomorrow', 'tmr', 'tmrw']);
const PRIORITIES = new Set<string>(['low', 'medium', 'high', 'urgent'] satisfies TaskPriority[]);
/** Beyond this a distance is a slip of the keyboard rather than a plan. */
const MOST_DIGITS = 3;

/** A word for comparison: lower case, without the punctuation that ends a clause. */
function plain(word: Word | undefined): string {
  return word === undefined ? '' : word.text.toLowerCase().replace(/[.,;:!?]+$/, '');
}

/** Index of the name that a word means: the whole name, or its first three letters or more. */
function nameIndex(names: readonly string[], word: string, abbreviated: boolean): number {
  return names.findIndex(
    (name) => name === word || (abbreviated && word.length >= 3 && name.startsWith(word)),
  );
}

function dayOf(wall: WallTime): Day {
  return { year: wall.year, month: wall.month, day: wall.day };
}

/** `!high` */
export function matchPriority(word: Word): TaskPriority | null {
  const name = /^!(\p{L}+)[.,;:!?]*$/u.exec(word.text)?.[1]?.toLowerCase();
  return name !== undefined && PRIORITIES.has(name) ? (name as TaskPriority) : null;
}

/** `#home` or `@errands`: at least one letter, so that `#42` stays a number. */
export function matchName(word: Word, sign: '#' | '@'): string | null {
  const match = /^([#@])((?=[^\p{L}]*\p{L})[\p{L}\p{M}\p{N}_-]{1,50})[.,;:!?]*$/u.exec(word.text);
  return match?.[1] === sign ? (match[2] ?? null) : null;
}

/** `17:30`, `9am`, `9:30pm`; bare hours and `17:30` only where `loose`, after `at` or a date. */
function clockOf(word: string, loose: boolean): Clock | null {
  if (loose && word === 'noon') return { hour: 12, minute: 0 };
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm)?$/.exec(word);
  if (match === null) return null;
  const [, hours, minutes, half] = match;
  let hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (minute > 59) return null;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half === 'pm' ? 12 : 0);
  } else if (!loose || hour > 23) {
    return null;
  }
  return { hour, minute };
}

/** `5 pm`: two words, of which the second says which half of the day. */
function matchSpacedClock(words: readonly Word[]): Clock | null {
  const [hours, half] = [plain(words[0]), plain(words[1])];
  if ((half !== 'am' && half !== 'pm') || !/^\d{1,2}(:\d{2})?$/.test(hours)) return null;
  return clockOf(hours + half, false);
}

/**
 * A time of day at the head of `words`.
 *
 * @param afterDate whether a date stands right before: then `17:30` alone is a time
 */
export function matchClock(words: readonly Word[], afterDate: boolean): Match<Clock> | null {
  const first = plain(words[0]);
  if (first === 'at') {
    const spaced = matchSpacedClock(words.slice(1));
    if (spaced !== null) return { value: spaced, words: 3 };
    const value = clockOf(plain(words[1]), true);
    return value && { value, words: 2 };
  }
  const spaced = matchSpacedClock(words);
  if (spaced !== null) return { value: spaced, words: 2 };
  const value = clockOf(first, afterDate && first.includes(':'));
  return value && { value, words: 1 };
}

function matchDistance(words: readonly Word[], today: WallTime): Match<DateValue> | null {
  const first = plain(words[1]);
  const amount = /^an?$/.test(first) ? 1 : /^\d+$/.test(first) ? Number(first) : Number.NaN;
  if (Number.isNaN(amount) || first.length > MOST_DIGITS) return null;
  const unit = plain(words[2]).replace(/s$/, '');
  const found = (value: DateValue) => ({ value, words: 3 });
  switch (unit) {
    case 'minute':
    case 'min':
      return found({ inMinutes: amount });
    case 'hour':
      return found({ inMinutes: amount * 60 });
    case 'day':
      return found({ day: dayOf(addDays(today, amount)) });
    case 'week':
      return found({ day: dayOf(addDays(today, amount * 7)) });
    case 'month': {
      const month = today.month - 1 + amount;
      const year = today.year + Math.floor(month / 12);
      const last = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate();
      return found({ day: { year, month: (month % 12) + 1, day: Math.min(today.day, last) } });
    }
    default:
      return null;
  }
}

/** `1 Dec`, `Dec 1st`, `1 December 2027`; without a year, the next such day. */
function matchMonthDay(words: readonly Word[], today: WallTime): Match<DateValue> | null {
  const ordinal = /^(\d{1,2})(?:st|nd|rd|th)?$/;
  const [first, second, third] = [plain(words[0]), plain(words[1]), plain(words[2])];
  const dayFirst = ordinal.exec(first);
  const number = dayFirst ?? ordinal.exec(second);
  const month = nameIndex(MONTHS, dayFirst ? second : first, true) + 1;
  if (number === null || month === 0) return null;
  const day = Number(number[1]);
  const written = /^[1-9]\d{3}$/.test(third) ? Number(third) : null;
  const years = written === null ? [0, 1, 2, 3, 4].map((n) => today.year + n) : [written];
  const countsThisYear =
    written !== null || month > today.month || (month === today.month && day >= today.day);
  const year = years.find(
    (candidate) =>
      isCalendarDay(candidate, month, day) && (candidate > today.year || countsThisYear),
  );
  if (year === undefined) return null;
  return { value: { day: { year, month, day } }, words: written === null ? 2 : 3 };
}

/** `2026-12-01`, also with a time: `2026-12-01T17:30`. */
function matchIsoDate(word: string): Match<DateValue> | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:t(\d{2}:\d{2}))?$/.exec(word);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1000 || !isCalendarDay(year, month, day)) return null;
  if (match[4] === undefined) return { value: { day: { year, month, day } }, words: 1 };
  const clock = clockOf(match[4], true);
  return clock && { value: { day: { year, month, day }, clock }, words: 1 };
}

/** `next friday` is in the week that follows this one; `next week` is its first day. */
function matchNext(word: string, today: WallTime, weekStart: number): DateValue | null {
  const toNextWeek = 7 - ((weekdayOf(today) - weekStart + 7) % 7);
  if (word === 'week') return { day: dayOf(addDays(today, toNextWeek)) };
  const weekday = nameIndex(WEEKDAYS, word, true);
  if (weekday < 0) return null;
  return { day: dayOf(addDays(today, toNextWeek + ((weekday - weekStart + 7) % 7))) };
}

/**
 * A date at the head of `words`, with the preposition before it.
 *
 * @param today the day on which the line is written
 * @param weekStart first day of the week, 0 Sunday to 6 Saturday
 */
export function matchDate(
  words: readonly Word[],
  today: WallTime,
  weekStart: number,
): Match<DateValue> | null {
  const first = plain(words[0]);
  if (PREPOSITIONS.has(first)) {
    const rest = words.slice(1);
    if (PREPOSITIONS.has(plain(rest[0]))) return null;
    // Three letters are enough after a preposition; alone, `sun` and `sat` are words of their own.
    const weekday = nameIndex(WEEKDAYS, plain(rest[0]), true);
    const match =
      weekday < 0
        ? matchDate(rest, today, weekStart)
        : { value: nextWeekday(weekday, today), words: 1 };
    return match && { value: match.value, words: match.words + 1 };
  }
  if (TODAY.has(first)) return { value: { day: dayOf(today) }, words: 1 };
  if (TOMORROW.has(first)) return { value: { day: dayOf(addDays(today, 1)) }, words: 1 };
  if (first === 'in') return matchDistance(words, today);
  if (first === 'next') {
    const value = matchNext(plain(words[1]), today, weekStart);
    return value && { value, words: 2 };
  }
  const weekday = nameIndex(WEEKDAYS, first, false);
  if (weekday >= 0) return { value: nextWeekday(weekday, today), words: 1 };
  return matchIsoDate(first) ?? matchMonthDay(words, today);
}

/** The first such weekday after today. */
function nextWeekday(weekday: number, today: WallTime): DateValue {
  return { day: dayOf(addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1)) };
}
