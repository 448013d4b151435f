import fc from 'fast-check';
import { describeDue, dueToInputs, endOfDay, inputsToDue } from './due';

const berlin = 'Europe/Berlin';
// A Wednesday, 14:00 in Berlin.
const now = Date.parse('2026-11-25T13:00:00Z');

describe('describeDue', () => {
  it.each([
    ['2026-11-25T16:30:00Z', 'Today 17:30', 'today'],
    ['2026-11-25T22:59:00Z', 'Today', 'today'],
    ['2026-11-25T12:59:00Z', 'Today 13:59', 'overdue'],
    ['2026-11-26T22:59:00Z', 'Tomorrow', 'soon'],
    ['2026-11-24T22:59:00Z', 'Yesterday', 'overdue'],
    ['2026-12-01T22:59:00Z', 'Tuesday', 'soon'],
    ['2026-12-02T22:59:00Z', '2 Dec', 'later'],
    ['2027-03-03T08:00:00Z', '3 Mar 2027 09:00', 'later'],
  ])('%s is %s', (dueAt, text, state) => {
    expect(describeDue(dueAt, now, berlin, 'en-GB')).toEqual({ text, state });
  });

  it('goes by the reader’s day, not by UTC', () => {
    const dueAt = '2026-11-25T23:30:00Z';
    expect(describeDue(dueAt, now, berlin, 'en-GB').text).toBe('Tomorrow 00:30');
    expect(describeDue(dueAt, now, 'America/Lima', 'en-GB').text).toBe('Today 18:30');
  });
});

describe('endOfDay', () => {
  it('is the last minute, also on the day when clocks change', () => {
    expect(endOfDay(now, berlin)).toBe('2026-11-25T22:59:00.000Z');
    expect(endOfDay(Date.parse('2027-03-27T12:00:00Z'), berlin, 1)).toBe(
      '2027-03-28T21:59:00.000Z',
    );
  });
});

describe('date and time inputs', () => {
  it('show a whole day without a time', () => {
    expect(dueToInputs('2026-11-25T22:59:00.000Z', berlin)).toEqual({
      date: '2026-11-25',
      time: '',
    });
    expect(dueToInputs(null, berlin)).toEqual({ date: '', time: '' });
    expect(inputsToDue('', '09:00', berlin)).toBeNull();
  });

  it('give the same due time back', () => {
    const zones = fc.constantFrom(
      berlin,
      'UTC',
      'America/St_Johns',
      'Pacific/Chatham',
      'Asia/Tokyo',
    );
    const minutes = fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') / 60_000 });
    fc.assert(
      fc.property(minutes, zones, (minute, zone) => {
        const { date, time } = dueToInputs(new Date(minute * 60_000).toISOString(), zone);
        const again = inputsToDue(date, time, zone);
        // The hour that the clock shows twice in autumn has two instants; the inputs show one.
        expect(dueToInputs(again, zone)).toEqual({ date, time });
        expect(Math.abs(Date.parse(again as string) - minute * 60_000)).toBeLessThanOrEqual(
          3_600_000,
        );
      }),
    );
  });
});
