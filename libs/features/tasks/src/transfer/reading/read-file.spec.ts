import { IMPORT_MAX_ROWS } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import { readFile, type ReadOptions } from './read-file.js';

const NOW = Date.parse('2026-11-23T10:00:00Z');

const read = (content: string | Buffer, options: Partial<ReadOptions> = {}) =>
  readFile(Buffer.from(content), { now: NOW, ...options });

async function refusal(content: string | Buffer, options: Partial<ReadOptions> = {}) {
  const error: unknown = await read(content, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('import_invalid');
  return (error as AppError).message;
}

describe('plain CSV', () => {
  it('understands the columns and words of other programs', async () => {
    const file = await read(
      [
        'Summary,Notes,State,Priority,Due Date,Tags,List,Created,Completed,Sprint',
        'Write report,First draft,In Progress,High,2026-12-01 10:00,"work; urgent|q4",Office,2026-01-02,,7',
        'Pay rent,,,1,,home,Office,,yes,',
        'Book flight,,Done,lowest,12/25/2026,,,,2026-11-20T08:00:00Z,',
      ].join('\n'),
      { timeZone: 'Europe/Berlin' },
    );
    expect(file).toMatchObject({ format: 'csv', errors: [], ignoredColumns: ['Sprint'] });
    expect([...file.projects.values()]).toEqual([{ name: 'Office', color: undefined }]);
    expect(file.tasks).toMatchObject([
      {
        title: 'Write report',
        description: 'First draft',
        status: 'in_progress',
        priority: 'high',
        dueAt: '2026-12-01T09:00:00.000Z',
        labels: ['work', 'urgent', 'q4'],
        createdAt: '2026-01-02T22:59:00.000Z',
      },
      { title: 'Pay rent', status: 'done', priority: 'urgent', completedAt: null },
      {
        status: 'done',
        priority: 'low',
        dueAt: '2026-12-25T22:59:00.000Z',
        completedAt: '2026-11-20T08:00:00.000Z',
      },
    ]);
  });

  it('keeps what it does not understand as notes', async () => {
    const file = await read(
      'title,description,status,due,priority\nCall,Ask twice,Someday,every friday,super\n',
    );
    expect(file.tasks).toMatchObject([
      {
        status: 'todo',
        priority: 'none',
        dueAt: null,
        description: 'Ask twice\n\nstatus: Someday\npriority: super\ndue: every friday',
      },
    ]);
  });

  it('names refused rows by line and reason, and keeps the others', async () => {
    const lines = [
      'title,description,labels',
      '"spans',
      'two lines","and',
      'three',
      '",x',
      '',
      ',no title,',
      `${'a'.repeat(501)},,`,
      'good,,',
      'too,many,cells,here',
      `many labels,,"${Array.from({ length: 21 }, (_, i) => `l${i}`).join(',')}"`,
      'nul\0,,',
      'last,"never closed,',
      'swallowed,,',
    ];
    for (const end of ['\n', '\r\n', '\r']) {
      const file = await read(lines.join(end));
      expect(file.tasks.map(({ title }) => title)).toEqual([`spans${end}two lines`, 'good']);
      expect(file.failedRows).toBe(6);
      expect(file.errors).toEqual([
        { line: 7, reason: 'The title is empty.' },
        {
          line: 8,
          reason: 'The title has 501 characters; at most 500 are possible. Shorten it.',
        },
        {
          line: 10,
          reason: expect.stringContaining('There are 4 cells, but 3 columns.') as string,
        },
        { line: 11, reason: expect.stringContaining('21 labels') as string },
        { line: 12, reason: 'The title contains characters that cannot be stored.' },
        { line: 13, reason: expect.stringContaining('never closed') as string },
      ]);
    }
  });

  it.each([
    ['semicolons', 'title;tags\na;"x,y"\n'],
    ['tabs', 'title\ttags\na\t"x,y"\n'],
    ['a byte order mark', '\ufefftitle,tags\na,"x,y"\n'],
    ['UTF-16', Buffer.from('\ufefftitle,tags\na,"x,y"\n', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\ufefftitle,tags\na,"x,y"\n', 'utf16le').swap16()],
    ['carriage returns', 'title,tags\ra,"x,y"\r'],
  ])('reads %s', async (_name, content) => {
    expect((await read(content)).tasks).toMatchObject([{ title: 'a', labels: ['x', 'y'] }]);
  });

  it('reports at most 1,000 refused rows and counts all', async () => {
    const file = await read(`title,description\n${',x\n'.repeat(1_200)}`);
    expect(file.errors).toHaveLength(1_000);
    expect(file.failedRows).toBe(1_200);
  });
});

describe('Todoist', () => {
  const HEADER =
    'TYPE,CONTENT,DESCRIPTION,IS_COLLAPSED,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG';
  const META = 'meta,view_style=list,,,,,,,,,,,,,';
  const todoist = (...rows: string[]) => [HEADER, META, ',,,,,,,,,,,,,,', ...rows].join('\r\n');

  it('reads tasks, subtasks, sections, labels, comments and dates', async () => {
    const file = await read(
      todoist(
        'task,Repot the basil @garden @weekend,Terracotta,,1,1,Kai (48),,Oct 5 2026,en,Africa/Cairo,30,minute,,',
        'task,Buy compost,,,4,2,Kai (48),Mia (49),,en,,,None,2026-10-09,en',
        'note,Get the peat-free one,,,,,Kai (48),,2026-08-20T10:00:00Z,,,,,,',
        'note,"[[file {""file_name"":""a.png"",""file_url"":""https://example.org/a""}]]",,,,,,,,,,,,,',
        'task,Grandchild,,,2,3,,,,,,,,,',
        'section,Weekly,,,,,,,,,,,,,',
        'task,* Water the ferns,,,3,1,,,every monday at 9am,en,,,,,',
        'task,@home,,,4,1,,,tomorrow 18:00,en,,,,Oct 9 2026,en',
      ),
      { timeZone: 'Europe/Berlin' },
    );
    expect(file).toMatchObject({ format: 'todoist', errors: [] });
    expect(file.tasks).toMatchObject([
      {
        title: 'Repot the basil',
        description: 'Terracotta\n\nDuration: 30 minute',
        priority: 'urgent',
        dueAt: '2026-10-05T20:59:00.000Z',
        labels: ['garden', 'weekend'],
        parentKey: null,
      },
      {
        title: 'Buy compost',
        description:
          'Responsible: Mia\n\nComment by Kai, 2026-08-20: Get the peat-free one\n\nComment: [a.png](https://example.org/a)',
        priority: 'none',
        dueAt: '2026-10-09T21:59:00.000Z',
        parentKey: file.tasks[0]?.key,
      },
      { title: 'Grandchild', priority: 'high', parentKey: file.tasks[1]?.key },
      {
        title: 'Water the ferns',
        description: 'Due: every monday at 9am',
        priority: 'medium',
        labels: ['Weekly'],
        dueAt: null,
        parentKey: null,
      },
      {
        title: '@home',
        labels: ['home', 'Weekly'],
        description: 'Deadline: Oct 9 2026',
        dueAt: '2026-11-24T17:00:00.000Z',
      },
    ]);
  });

  it('hangs what is below a refused task one level further up', async () => {
    const file = await read(
      todoist(
        'task,top,,,4,1,,,,,,,,,',
        `task,${'x'.repeat(501)},,,4,2,,,,,,,,,`,
        'task,left,,,4,3,,,,,,,,,',
        'task,right,,,4,3,,,,,,,,,',
        'task,deep,,,4,9,,,,,,,,,',
        'task,,,,4,1,,,,,,,,,',
        'note,lost,,,,,,,,,,,,,',
        'task,alone,,,4,2,,,,,,,,,',
        'project_note,lost,,,,,,,,,,,,,',
        'thing,lost,,,,,,,,,,,,,',
      ),
    );
    const byKey = new Map(file.tasks.map(({ key, title }) => [key, title]));
    expect(
      file.tasks.map(({ title, parentKey }) => [title, byKey.get(parentKey ?? '') ?? null]),
    ).toEqual([
      ['top', null],
      ['left', 'top'],
      ['right', 'top'],
      ['deep', 'right'],
      ['alone', null],
    ]);
    expect(file.errors.map(({ line }) => line)).toEqual([5, 9, 10, 12, 13]);
  });

  it('finds the header behind lines about the view', async () => {
    const file = await read(`meta,view_style=list\n${HEADER}\ntask,a,,,4,1,,,,,,,,,\n`);
    expect(file.tasks).toMatchObject([{ title: 'a' }]);
  });
});

describe('our own JSON', () => {
  const json = (content: object) =>
    JSON.stringify({ format: 'primetrade', version: 1, ...content });

  it('names refused tasks by their place', async () => {
    const file = await read(
      json({
        tasks: [
          { title: 'good' },
          { title: '' },
          { title: 'x', status: 'later' },
          'no task',
          { title: 'x', dueAt: '2026-13-01T00:00:00Z' },
          { title: '\ud800' },
        ],
      }),
    );
    expect(file.tasks).toMatchObject([{ title: 'good', status: 'todo' }]);
    expect(file.errors).toEqual([
      { line: 2, reason: 'The title is empty.' },
      { line: 3, reason: expect.stringMatching(/^status is not valid: /) as string },
      { line: 4, reason: expect.stringMatching(/^The task is not valid: /) as string },
      { line: 5, reason: expect.stringMatching(/^dueAt is not valid: /) as string },
      { line: 6, reason: 'The title contains characters that cannot be stored.' },
    ]);
  });

  it('is known by its head, wherever that stands', async () => {
    const file = await read('{"tasks":[{"title":"a"}],"version":1,"format":"primetrade"}');
    expect(file.tasks).toHaveLength(1);
    expect(await refusal('{"tasks":[{"title":"a"}]}')).toContain('not an export of PrimeTrade');
    expect(await refusal('[]')).toContain('not an export of PrimeTrade');
    expect(await refusal('{"format":"primetrade","version":2,"tasks":[]}')).toContain(
      'another version',
    );
  });

  it('does not take half a file for a whole one', async () => {
    const whole = json({ tasks: [{ title: 'a' }, { title: 'b' }] });
    for (let length = 1; length < whole.length; length += 1) {
      expect(await refusal(whole.slice(0, length))).toContain('not complete, valid JSON');
    }
    expect(await refusal(`${whole}}`)).toContain('not complete, valid JSON');
    expect(await refusal('{'.repeat(20_000))).toContain('not complete, valid JSON');
  });
});

describe('files that cannot be imported', () => {
  it.each<[string, string | Buffer, Partial<ReadOptions>, string]>([
    ['empty', '', {}, 'empty'],
    ['only a mark', '\ufeff', {}, 'empty'],
    ['only line ends', '\n\n', {}, 'no lines'],
    ['no title column', 'foo,bar\n1,2\n', {}, 'No column holds titles'],
    ['not UTF-8', Buffer.from('title\nok\nM\xfcller\n', 'latin1'), {}, 'Line 3 is not UTF-8'],
    ['a workbook', Buffer.from('PK\x03\x04rest'), {}, 'Save it as CSV'],
    ['not Todoist', 'title\na\n', { format: 'todoist' }, 'not a Todoist CSV export'],
    ['not JSON', 'title\na\n', { format: 'json' }, 'not complete, valid JSON'],
    ['too long', `title\n${'a\n'.repeat(IMPORT_MAX_ROWS + 1)}`, {}, 'more than 50,000 rows'],
  ])('%s', async (_name, content, options, detail) => {
    expect(await refusal(content, options)).toContain(detail);
  });
});
