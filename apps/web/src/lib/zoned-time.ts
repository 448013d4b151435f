import { TZDate } from '@date-fns/tz';

/** A day and a time on the calendar and clock of some time zone. `month` counts from 1. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** Whether this runtime knows the IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The calendar and clock of a time zone at an instant.
 *
 * @param instant milliseconds since 1970
 */
export function wallTime(instant: number, timeZone: string): WallTime {
  const date = new TZDate(instant, timeZone);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
  };
}

/**
 * The instant at which a time zone shows a day and time. Days and minutes may overflow (day 32 is
 * in the next month). A time that a change of clocks leaves out moves past the gap.
 *
 * @returns milliseconds since 1970
 */
export function instantOf(wall: WallTime, timeZone: string): number {
  return new TZDate(
    wall.year,
    wall.month - 1,
    wall.day,
    wall.hour,
    wall.minute,
    timeZone,
  ).getTime();
}

/** The calendar day `days` after another one. */
export function addDays(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    ...wall,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

/** The day of the week, 0 Sunday to 6 Saturday. */
export function weekdayOf(wall: WallTime): number {
  return new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
}

/** Whether the calendar has this day. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

/** Days from one calendar day to another. */
export function daysBetween(from: WallTime, to: WallTime): number {
  const dayNumber = (wall: WallTime) => Date.UTC(wall.year, wall.month - 1, wall.day) / 86_400_000;
  return Math.round(dayNumber(to) - dayNumber(from));
}
