import fc from 'fast-check';
import { parseQuickAdd } from './quick-add';

// A Wednesday, 14:00 in Berlin (UTC+1).
const now = Date.parse('2026-11-25T13:00:00Z');
const timeZone = 'Europe/Berlin';
const parse = (line: string, asText: string[] = []) =>
  parseQuickAdd(line, { now, timeZone, asText });

describe('parseQuickAdd', () => {
  it('takes a whole line apart', () => {
    expect(parse('Pay rent tomorrow 9am !high #home @errands')).toMatchObject({
      title: 'Pay rent',
      dueAt: '2026-11-26T08:00:00.000Z',
      hasTime: true,
      priority: 'high',
      labels: ['errands'],
      project: 'home',
    });
  });

  it.each([
    ['x today', '2026-11-25T22:59:00.000Z'],
    ['x tomorrow', '2026-11-26T22:59:00.000Z'],
    ['x by tomorrow!', '2026-11-26T22:59:00.000Z'],
    ['x friday', '2026-11-27T22:59:00.000Z'],
    ['x wednesday', '2026-12-02T22:59:00.000Z'],
    ['x on sat', '2026-11-28T22:59:00.000Z'],
    ['x next monday', '2026-11-30T22:59:00.000Z'],
    ['x next friday', '2026-12-04T22:59:00.000Z'],
    ['x next week', '2026-11-30T22:59:00.000Z'],
    ['x in 3 days', '2026-11-28T22:59:00.000Z'],
    ['x in a week', '2026-12-02T22:59:00.000Z'],
    ['x in 3 months', '2027-02-25T22:59:00.000Z'],
    ['x in 2 hours', '2026-11-25T15:00:00.000Z'],
    ['x 2026-12-01', '2026-12-01T22:59:00.000Z'],
    ['x 2026-12-01 17:30', '2026-12-01T16:30:00.000Z'],
    ['x 2026-12-01T17:30', '2026-12-01T16:30:00.000Z'],
    ['x 1 Dec', '2026-12-01T22:59:00.000Z'],
    ['x Dec 1st 2027', '2027-12-01T22:59:00.000Z'],
    ['x 3 March', '2027-03-03T22:59:00.000Z'],
    ['x 29 feb', '2028-02-29T22:59:00.000Z'],
    ['x at 17:30', '2026-11-25T16:30:00.000Z'],
    ['x at 9', '2026-11-26T08:00:00.000Z'],
    ['x 5pm', '2026-11-25T16:00:00.000Z'],
    ['x 5 pm', '2026-11-25T16:00:00.000Z'],
    ['x at 5 pm', '2026-11-25T16:00:00.000Z'],
    ['x 9am', '2026-11-26T08:00:00.000Z'],
    ['x at 9am', '2026-11-26T08:00:00.000Z'],
    ['at 9am x', '2026-11-26T08:00:00.000Z'],
    ['x at 5 pm tomorrow', '2026-11-26T16:00:00.000Z'],
    ['x at noon tomorrow', '2026-11-26T11:00:00.000Z'],
    ['x 12am tomorrow', '2026-11-25T23:00:00.000Z'],
  ])('%s is due at %s', (line, dueAt) => {
    expect(parse(line)).toMatchObject({ title: 'x', dueAt });
  });

  it.each([
    'Read John 3:16',
    'Fix bug #42',
    'Write to bob@example.com',
    'Buy sun cream',
    'Sit in the garden',
    'Meet in 5000 days',
    'Sort 2026-13-45',
    'Celebrate 30 february',
    'Say wow!',
    'Order !none',
    'Count 25:00',
  ])('%s stays as it is', (line) => {
    const parsed = parse(line);
    expect(parsed.title).toBe(line);
    expect(parsed.segments).toEqual([{ kind: 'text', text: line }]);
  });

  it('counts the first date, priority and project and keeps the others as words', () => {
    expect(parse('a today tomorrow !low !high #x #y')).toMatchObject({
      title: 'a tomorrow !high #y',
      priority: 'low',
      project: 'x',
    });
  });

  it('takes every label once, without regard to case', () => {
    expect(parse('a @Home @work @home')).toMatchObject({ title: 'a', labels: ['Home', 'work'] });
  });

  it('takes a line of nothing but tokens as a title', () => {
    expect(parse(' today  #home ')).toMatchObject({
      title: 'today #home',
      dueAt: null,
      project: null,
    });
  });

  it('keeps a token as words when asked', () => {
    expect(parse('Watch The Day After Tomorrow friday', ['Tomorrow'])).toMatchObject({
      title: 'Watch The Day After Tomorrow',
      dueAt: '2026-11-27T22:59:00.000Z',
    });
  });

  it('moves a time that the change to summer time leaves out past the gap', () => {
    expect(parse('x 2027-03-28 02:30').dueAt).toBe('2027-03-28T01:30:00.000Z');
  });

  it('counts days where the person is, not in UTC', () => {
    const lateEvening = Date.parse('2026-11-25T23:30:00Z');
    const inTokyo = parseQuickAdd('x today', { now: lateEvening, timeZone: 'Asia/Tokyo' });
    const inLima = parseQuickAdd('x today', { now: lateEvening, timeZone: 'America/Lima' });
    expect(inTokyo.dueAt).toBe('2026-11-26T14:59:00.000Z');
    expect(inLima.dueAt).toBe('2026-11-26T04:59:00.000Z');
  });
});

describe('parseQuickAdd on any line', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...['today', 'tomorrow', 'on', 'by', 'next', 'fri', 'friday', 'in', '3', 'days', 'a', 'week'],
      ...['at', '9', '9am', '17:30', '2026-12-01', '1', 'dec', '31st', '!high', '!low', '#home'],
      ...[
        '@a',
        '@b',
        '#',
        '@',
        '!',
        '  ',
        '\t',
        'Tomorrow!',
        'pm',
        'months',
        '999',
        '#été',
        '@日本',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const line = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  const context = fc.record({
    now: fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') }),
    timeZone: fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
      'nowhere',
    ),
    weekStart: fc.integer({ min: 0, max: 6 }),
  });
  const withoutSpaces = (text: string) => text.replace(/\s+/gu, '');

  it('loses nothing: pieces joined are the line, and the title is what is not a token', () => {
    fc.assert(
      fc.property(line, context, (text, where) => {
        const { segments, title } = parseQuickAdd(text, where);
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
        const plain = segments.filter(({ kind }) => kind === 'text').map((segment) => segment.text);
        expect(withoutSpaces(title)).toBe(withoutSpaces(plain.join('')));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives values that the API takes', () => {
    fc.assert(
      fc.property(line, context, (text, where) => {
        const { dueAt, labels, project, title } = parseQuickAdd(text, where);
        if (dueAt !== null) expect(new Date(dueAt).toISOString()).toBe(dueAt);
        expect(labels.length).toBeLessThanOrEqual(20);
        for (const name of [...labels, ...(project === null ? [] : [project])]) {
          expect(name).toMatch(/^\S{1,100}$/u);
        }
        expect(title === '').toBe(text.trim() === '');
      }),
      { numRuns: 2000 },
    );
  });
});
