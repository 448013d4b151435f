import { type Task } from '@primetrade/contracts';
import { z } from 'zod';
import type { Client } from '../support/api.js';
import { addProject, addTask, listAllTasks, runImport, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';

async function exported(client: Client, format: 'csv' | 'json'): Promise<string> {
  return (await client.expect(200, 'GET', `${TASKS}/export?format=${format}`)).text;
}

/** What a person sees of a task: everything that does not belong to one account. */
function visible(task: Task) {
  const { title, description, status, priority, dueAt, labels } = task;
  return { title, description, status, priority, dueAt, labels: [...labels].sort() };
}

async function visibleTasks(client: Client) {
  const tasks = await listAllTasks(client, { limit: 100 });
  return tasks.map(visible).sort((a, b) => a.title.localeCompare(b.title));
}

const TODOIST = [
  'TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG',
  'section,Kitchen,,,,,,,,,,,,',
  'task,Buy flour @shopping,Two bags,1,1,Ada (1),,2031-05-04,en,Europe/Berlin,,,,',
  'task,"Preheat, then bake",,4,2,Ada (1),,,en,Europe/Berlin,,,,',
  'note,A comment on the task,,,,Ada (1),,,,,,,,',
  'task,,no title,1,1,Ada (1),,,en,Europe/Berlin,,,,',
  '',
].join('\n');

describe('import', () => {
  it('reads what Todoist exports', async () => {
    const { client } = await newUser();
    const job = await runImport(client, TODOIST);
    expect(job).toMatchObject({ status: 'completed', format: 'todoist', failure: null });
    const tasks = await visibleTasks(client);
    const flour = tasks.find(({ title }) => title.startsWith('Buy flour'));
    // A section has no counterpart but a label; 1 is the highest priority and 4 the default.
    expect(flour?.labels.sort()).toEqual(['Kitchen', 'shopping']);
    expect(flour).toMatchObject({ title: 'Buy flour', priority: 'urgent' });
    expect(flour?.description).toContain('Two bags');
    expect(flour?.dueAt).toMatch(/^2031-05-0[34]T/);
    const oven = tasks.find(({ title }) => title === 'Preheat, then bake');
    expect(oven?.priority).toBe('none');
    expect(oven?.description).toContain('A comment on the task');
    expect(job.errors.map(({ line }) => line)).toEqual([6]);
  });

  it('keeps the good rows of plain CSV and reports the bad ones by line', async () => {
    const { client } = await newUser();
    const job = await runImport(
      client,
      [
        'title,description,status,priority,dueAt,labels',
        'Good one,"with, comma and ""quotes""",todo,high,2031-01-01T10:00:00Z,"home,urgent"',
        ',no title,todo,none,,',
        '"Two\nlines",,done,low,,',
        'Odd status,,sleeping,none,32nd of May,',
        'Too many cells,,todo,none,,,,,x',
        `${'x'.repeat(501)},,todo,none,,`,
        'Last good one,,in_progress,none,,',
        '',
      ].join('\r\n'),
    );
    expect(job).toMatchObject({
      status: 'completed',
      format: 'csv',
      createdTasks: 4,
      failedRows: 3,
    });
    // The row with a line break inside takes two lines.
    expect(job.errors.map(({ line }) => line)).toEqual([3, 7, 8]);
    for (const { reason } of job.errors) expect(reason.length).toBeGreaterThan(5);
    const tasks = await visibleTasks(client);
    expect(tasks.map(({ title }) => title)).toEqual([
      'Good one',
      'Last good one',
      'Odd status',
      'Two\nlines',
    ]);
    // What a field cannot hold is kept where a person finds it.
    const { description } = tasks.find(({ title }) => title === 'Odd status')!;
    expect(description).toContain('sleeping');
    expect(description).toContain('32nd of May');
  });

  it('understands the byte order mark and the semicolons of spreadsheets', async () => {
    const { client } = await newUser();
    const job = await runImport(client, '\uFEFFtitle;priority\r\nÄpfel;low\r\n');
    expect(job).toMatchObject({ status: 'completed', createdTasks: 1 });
    expect(await visibleTasks(client)).toMatchObject([{ title: 'Äpfel', priority: 'low' }]);
  });

  it('puts tasks into the project that is named', async () => {
    const { client } = await newUser();
    const project = await addProject(client, 'Target');
    await runImport(client, 'title\nInside\n', { query: `?project=${project.id}` });
    expect((await listAllTasks(client))[0]).toMatchObject({ projectId: project.id });
  });

  it.each([
    ['JSON that is cut off', '{"tasks":[{"title":', 'application/json'],
    ['a picture', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR', 'text/csv'],
    ['CSV without a title column', 'a,b\n1,2\n', 'text/csv'],
    ['nothing', '', 'text/csv'],
  ])('refuses %s with a reason, and creates nothing', async (_what, file, contentType) => {
    const { client } = await newUser();
    const reply = await client.send('POST', `${TASKS}/import`, {
      body: file,
      headers: { 'content-type': contentType },
    });
    if (reply.status === 202) {
      const job = await runImport(client, file, { contentType });
      expect(job.status).toBe('failed');
      expect(job.failure).toBeTruthy();
    } else {
      expect([400, 422]).toContain(reply.status);
    }
    expect(await listAllTasks(client)).toEqual([]);
  });

  it('imports 10,000 rows, and their export again', async () => {
    const { client } = await newUser();
    const rows = Array.from({ length: 10_000 }, (_, n) =>
      n % 1000 === 999 ? ',missing' : `Row ${n},imported`,
    );
    const job = await runImport(client, `title,description\n${rows.join('\n')}\n`, {
      deadlineMs: 60_000,
    });
    expect(job).toMatchObject({
      status: 'completed',
      totalRows: 10_000,
      processedRows: 10_000,
      createdTasks: 9_990,
      failedRows: 10,
    });
    expect(job.errors.map(({ line }) => line)).toEqual(
      Array.from({ length: 10 }, (_, n) => n * 1000 + 1001),
    );
    const titles = (await listAllTasks(client, { limit: 100 })).map(({ title }) => title);
    expect(titles).toHaveLength(9_990);
    expect(new Set(titles).size).toBe(9_990);

    const other = (await newUser()).client;
    const file = await exported(client, 'json');
    const back = await runImport(other, file, {
      contentType: 'application/octet-stream',
      deadlineMs: 60_000,
    });
    expect(back).toMatchObject({ status: 'completed', createdTasks: 9_990, failedRows: 0 });
  }, 150_000);
});

describe('export and import again', () => {
  it.each([
    ['json', 'application/json'],
    ['csv', 'text/csv'],
  ] as const)('%s gives the same tasks back', async (format, contentType) => {
    const { client } = await newUser();
    const project = await addProject(client, 'Household, "big"');
    const parent = await addTask(client, {
      title: '=SUM(A1) is text, not a formula',
      description: 'a,b;"c"\nsecond line\r\nthird\ttab',
      priority: 'urgent',
      labels: ['a b', 'ü', 'x,y;z'],
      projectId: project.id,
      dueAt: '2031-07-01T08:15:30.123Z',
    });
    await addTask(client, { title: '🧑‍🚀 child', status: 'done', parentId: parent.id });
    await addTask(client, { title: ' - dash first', status: 'in_progress' });
    const file = await exported(client, format);
    const other = (await newUser()).client;
    const job = await runImport(other, file, { contentType });
    expect(job).toMatchObject({ status: 'completed', createdTasks: 3, failedRows: 0 });
    expect(await visibleTasks(other)).toEqual(await visibleTasks(client));
    const tasks = await listAllTasks(other);
    const again = tasks.find(({ title }) => title === parent.title)!;
    expect(tasks.find(({ title }) => title === '🧑‍🚀 child')?.parentId).toBe(again.id);
    const { items } = await other.get(
      z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
      '/api/v1/projects',
    );
    expect(items.find(({ id }) => id === again.projectId)?.name).toBe('Household, "big"');
  });

  it('the file is a download', async () => {
    const { client } = await newUser();
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['json', 'application/json'],
    ] as const) {
      const reply = await client.expect(200, 'GET', `${TASKS}/export?format=${format}`);
      expect(reply.headers.get('content-type')).toContain(type);
      expect(reply.headers.get('content-disposition')).toMatch(
        new RegExp(`attachment;.*\\.${format}`),
      );
    }
  });
});
