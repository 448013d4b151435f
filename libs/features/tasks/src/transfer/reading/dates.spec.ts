import { type DateOptions, findDayFirst, readDate } from './dates.js';

/** A Monday. */
const options: DateOptions = { now: Date.parse('2026-11-23T10:00:00Z'), timeZone: 'Europe/Berlin' };

describe('readDate', () => {
  it.each([
    ['2026-12-01', '2026-12-01T22:59:00.000Z'],
    ['2026-12-01 10:30', '2026-12-01T09:30:00.000Z'],
    ['2026-07-01T10:30:15', '2026-07-01T08:30:15.000Z'],
    ['2026-07-01T10:30:15.123Z', '2026-07-01T10:30:15.123Z'],
    ['2026-07-01 10:30 +05:30', '2026-07-01T05:00:00.000Z'],
    ['31.12.2026', '2026-12-31T22:59:00.000Z'],
    ['31/12/2026 8:05', '2026-12-31T07:05:00.000Z'],
    ['12/31/2026', '2026-12-31T22:59:00.000Z'],
    ['Oct 5 2026', '2026-10-05T21:59:00.000Z'],
    ['Dec 3', '2026-12-03T22:59:00.000Z'],
    ['Nov 20', '2026-11-20T22:59:00.000Z'],
    ['3 Dec 2026 10:00', '2026-12-03T09:00:00.000Z'],
    ['2025-03-31 at 11:00', '2025-03-31T09:00:00.000Z'],
    ['tomorrow 18:00', '2026-11-24T17:00:00.000Z'],
    ['today', '2026-11-23T22:59:00.000Z'],
    ['in 2 days', '2026-11-25T22:59:00.000Z'],
    ['Friday', '2026-11-27T22:59:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(readDate(text, options)).toBe(expected);
  });

  it('reads other languages', () => {
    expect(readDate('morgen', options, 'de')).toBe('2026-11-24T22:59:00.000Z');
    expect(readDate('3. Dezember', options, 'de')).toBe('2026-12-03T22:59:00.000Z');
  });

  it.each([
    'every day',
    'every monday at 9am',
    '5 Oct - 7 Oct',
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    '31.02.2026',
    '2026-12-01 25:00',
    '03/04/2026',
    '13/13/2026',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:00',
    'soon',
    '10',
    '',
    'x'.repeat(10_000),
  ])('does not guess at %s', (text) => {
    expect(readDate(text, options)).toBeUndefined();
  });

  it('reads a date that could be two days as the file writes its dates', () => {
    expect(readDate('03/04/2026', { ...options, dayFirst: true })).toBe('2026-04-03T21:59:00.000Z');
    expect(readDate('03/04/2026', { ...options, dayFirst: false })).toBe(
      '2026-03-04T22:59:00.000Z',
    );
    expect(readDate('04/04/2026', options)).toBe('2026-04-04T21:59:00.000Z');
  });

  it('counts days in the time zone of the reader', () => {
    const late = { now: Date.parse('2026-11-23T23:30:00Z'), timeZone: 'Europe/Berlin' };
    expect(readDate('today', late)).toBe('2026-11-24T22:59:00.000Z');
    expect(readDate('tomorrow', { ...late, timeZone: 'America/New_York' })).toBe(
      '2026-11-25T04:59:00.000Z',
    );
  });
});

describe('findDayFirst', () => {
  it.each([
    ['a,03/04/2026\nb,25/12/2026', true],
    ['a,03/04/2026\nb,12/25/2026', false],
    ['a,03/04/2026', undefined],
    ['a,25/12/2026\nb,12/25/2026', undefined],
  ])('%j', (text, expected) => {
    expect(findDayFirst(text)).toBe(expected);
  });
});
