import { addDays, daysBetween, instantOf, wallTime, type WallTime } from './zoned-time';

/**
 * A due day without a time of day is kept as its last minute: the task is not overdue before the
 * day is over, and the day can be told from a time that someone chose.
 */
export const END_OF_DAY = { hour: 23, minute: 59 } as const;

/** Whether a due time stands for the whole day. */
function isWholeDay(wall: WallTime): boolean {
  return wall.hour === END_OF_DAY.hour && wall.minute === END_OF_DAY.minute;
}

export interface DueText {
  /** For example `Today 17:30`, `Fri` or `3 Mar 2027`. */
  text: string;
  state: 'overdue' | 'today' | 'soon' | 'later';
}

/**
 * A due time as a person says it.
 *
 * @param dueAt ISO 8601
 * @param now milliseconds since 1970
 * @param timeZone the reader's time zone
 * @param locale for names of days and months; the runtime's when left out
 */
export function describeDue(
  dueAt: string,
  now: number,
  timeZone: string,
  locale?: string,
): DueText {
  const instant = Date.parse(dueAt);
  const due = wallTime(instant, timeZone);
  const today = wallTime(now, timeZone);
  const days = daysBetween(today, due);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(instant);
  const day =
    days === 0
      ? 'Today'
      : days === 1
        ? 'Tomorrow'
        : days === -1
          ? 'Yesterday'
          : days > 1 && days < 7
            ? format({ weekday: 'long' })
            : due.year === today.year
              ? format({ day: 'numeric', month: 'short' })
              : format({ day: 'numeric', month: 'short', year: 'numeric' });
  const time = isWholeDay(due) ? '' : ` ${format({ timeStyle: 'short' })}`;
  const state = instant < now ? 'overdue' : days === 0 ? 'today' : days < 7 ? 'soon' : 'later';
  return { text: day + time, state };
}

/** The last minute of a day, `days` from today, as ISO 8601. */
export function endOfDay(now: number, timeZone: string, days = 0): string {
  const day = addDays(wallTime(now, timeZone), days);
  return new Date(instantOf({ ...day, ...END_OF_DAY }, timeZone)).toISOString();
}

/**
 * What a date input and a time input show for a due time.
 *
 * @returns `yyyy-mm-dd` and `hh:mm`; the time is empty for a whole day
 */
export function dueToInputs(
  dueAt: string | null,
  timeZone: string,
): { date: string; time: string } {
  if (dueAt === null) return { date: '', time: '' };
  const wall = wallTime(Date.parse(dueAt), timeZone);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${String(wall.year).padStart(4, '0')}-${two(wall.month)}-${two(wall.day)}`,
    time: isWholeDay(wall) ? '' : `${two(wall.hour)}:${two(wall.minute)}`,
  };
}

/** The due time of a date input and a time input; null without a date. */
export function inputsToDue(date: string, time: string, timeZone: string): string | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (day === null) return null;
  const clock = /^(\d{2}):(\d{2})$/.exec(time);
  const wall = {
    year: Number(day[1]),
    month: Number(day[2]),
    day: Number(day[3]),
    hour: clock ? Number(clock[1]) : END_OF_DAY.hour,
    minute: clock ? Number(clock[2]) : END_OF_DAY.minute,
  };
  return new Date(instantOf(wall, timeZone)).toISOString();
}
