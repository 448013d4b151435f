import pg from 'pg';
import { commitProxy } from '../testing/commit-proxy.js';
import {
  Databases,
  moved,
  MoveRun,
  query,
  rowsIn,
  standsStill,
  standStill,
  takesChanges,
} from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';
import { closeGate, readGate } from './gate.js';
import type { Place } from '../data/places.js';
import { connect } from '../data/session.js';

const databases = new Databases();
let source: string;
let target: string;
let rows: number;

beforeEach(async () => {
  [source, target] = [await databases.create(), await databases.create()];
  await fillWithNastyRows(source);
  rows = await rowsIn(source);
});

afterEach(() => databases.drop());

/** Ends the session that the move has at a database. */
const KILL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'primetrade-move'`;

/** Nothing at the target, and the source as before. */
async function expectUndone(): Promise<void> {
  expect(await rowsIn(target)).toBe(0);
  expect(await rowsIn(source)).toBe(rows);
  expect(await takesChanges(source)).toBe(true);
  expect(await query(source, COMMENT)).toEqual([{ comment: null }]);
}

const COMMENT = `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database
  WHERE datname = current_database()`;

async function expectMoved(): Promise<void> {
  expect(await rowsIn(target)).toBe(rows);
  expect(await takesChanges(source)).toBe(false);
}

it('the connection to the target killed midway', async () => {
  const gate = await standStill(target);
  const run = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);
  expect(await takesChanges(source)).toBe(false);
  await query(target, KILL);
  expect(await run.code).toBe(1);
  expect(run.complaint).toMatch(/^The connection to 127.+ was lost: |^A server has ended/);
  await gate.release();
  await expectUndone();
  expect((await moved(['--from', source, '--to', target])).code).toBe(0);
  await expectMoved();
});

it('the connection to the source killed midway', async () => {
  const gate = await standStill(target);
  const run = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);
  await query(source, KILL);
  await gate.release();
  expect(await run.code).toBe(1);
  await expectUndone();
});

it('the source away for longer: it stays closed, and the sentence says how to open it', async () => {
  const proxy = await commitProxy(source);
  try {
    const gate = await standStill(target);
    const run = new MoveRun(['--from', proxy.url, '--to', target]);
    await standsStill(target);
    proxy.cut();
    await gate.release();
    expect(await run.code).toBe(3);
    expect(run.complaint).toContain(`could not be opened for changes again: run`);
    expect(run.complaint).toContain(`--release ${proxy.url}`);
    expect(await takesChanges(source)).toBe(false);
    proxy.reopen();
    expect((await moved(['--release', proxy.url])).code).toBe(0);
    await expectUndone();
  } finally {
    await proxy.end();
  }
});

it('Ctrl-C midway', async () => {
  const gate = await standStill(target);
  const run = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);
  run.stop();
  expect(await run.code).toBe(130);
  expect(run.output).toContain('takes changes again; nothing was kept at the target.');
  expect(run.complaint).toBe('Stopped.');
  await gate.release();
  await expectUndone();
});

it('a trigger at the target that changes one row is found out, and nothing is kept', async () => {
  await query(
    target,
    `CREATE FUNCTION public.tamper() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF NEW.title = 'Task 4711' THEN NEW.title := 'Task 4712'; END IF; RETURN NEW; END $$;
     CREATE TRIGGER tamper BEFORE INSERT ON tasks.tasks
       FOR EACH ROW EXECUTE FUNCTION public.tamper()`,
  );
  const { code, output, complaint } = await moved(['--from', source, '--to', target]);
  expect(code).toBe(1);
  expect(complaint).toMatch(/^tasks\.tasks is not the same at the target as at the source/);
  expect(output).toMatch(/tasks\.tasks +5,002 +5,002 +\w{16} +\w{16} +DIFFERENT/);
  await expectUndone();
});

it('a trigger at the target that leaves out one row is found out too', async () => {
  await query(
    target,
    `CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RETURN CASE WHEN NEW.title = 'Task 4711' THEN NULL ELSE NEW END; END $$;
     CREATE TRIGGER lose BEFORE INSERT ON tasks.tasks
       FOR EACH ROW EXECUTE FUNCTION public.lose()`,
  );
  const { code, output } = await moved(['--from', source, '--to', target]);
  expect(code).toBe(1);
  expect(output).toMatch(/tasks\.tasks +5,002 +5,001 .+DIFFERENT/);
  await expectUndone();
});

it('a change that got past the refusal is found out, and nothing is kept', async () => {
  const gate = await standStill(target);
  const run = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);
  await query(source, `BEGIN READ WRITE; UPDATE profile.profiles SET bio = 'late'; COMMIT`);
  await gate.release();
  expect(await run.code).toBe(1);
  expect(run.complaint).toMatch(/^profile\.profiles is not the same/);
  await expectUndone();
});

it('sessions that may not be ended are named', async () => {
  const role = `owner_${new URL(source).pathname.slice(1)}`;
  const open = new pg.Client(source);
  await open.connect();
  await query(
    source,
    `CREATE ROLE ${role} LOGIN IN ROLE pg_read_all_data;
     ALTER DATABASE ${new URL(source).pathname.slice(1)} OWNER TO ${role}`,
  );
  try {
    const own = new URL(source);
    own.username = role;
    const { code, output } = await moved(['--from', own.href, '--to', target]);
    expect(code).toBe(0);
    expect(output).toContain('Sessions of postgres stay open');
    await open.query('SELECT 1');
    await expectMoved();
  } finally {
    await open.end();
    await query(
      source,
      `BEGIN READ WRITE; REASSIGN OWNED BY ${role} TO postgres;
      DROP ROLE ${role}; COMMIT`,
    );
  }
});

describe('a move that was killed', () => {
  /** What is left at the source when nothing of this command runs any more. */
  async function leaveNote(transaction: string, to = target): Promise<void> {
    const session = await connect({ option: '--from', name: 'x', url: source } as Place);
    const { host, pathname } = new URL(to);
    await closeGate(session, {
      state: 'moving',
      to: `${host}${pathname}`,
      at: '2026-01-02T03:04:05.678Z',
      transaction,
      readOnlyBefore: false,
      comment: 'my tasks',
    });
    await session.client.end();
  }

  /** Id of a transaction of the target that was rolled back. */
  async function rolledBack(): Promise<string> {
    const { client } = await connect({ option: '--to', name: 'x', url: target } as Place);
    await client.query('BEGIN');
    const { rows: ids } = await client.query<{ id: string }>(
      'SELECT pg_current_xact_id()::text AS id',
    );
    await client.end();
    return ids[0]!.id;
  }

  it('midway is begun anew', async () => {
    await leaveNote(await rolledBack());
    const { code, output } = await moved(['--from', source, '--to', target]);
    expect(code).toBe(0);
    expect(output).toContain(
      'The run of 2026-01-02T03:04:05.678Z was interrupted and left nothing behind: starting anew.',
    );
    await expectMoved();
  });

  it('midway, at a target that has meanwhile been made anew, is begun anew', async () => {
    await leaveNote('999999999999');
    expect((await moved(['--from', source, '--to', target])).code).toBe(0);
    await expectMoved();
  });

  it('midway opens its source again when the next run fails', async () => {
    await leaveNote(await rolledBack());
    await query(target, `INSERT INTO auth.failed_attempts VALUES ('x', 1, now(), now())`);
    expect((await moved(['--from', source, '--to', target])).code).toBe(1);
    expect(await takesChanges(source)).toBe(true);
    expect(await query(source, COMMENT)).toEqual([{ comment: 'my tasks' }]);
  });

  it('at its very end is finished, although the target has gone on since', async () => {
    expect((await moved(['--from', source, '--to', target])).code).toBe(0);
    const session = await connect({ option: '--from', name: 'x', url: source } as Place);
    const { note } = await readGate(session);
    await session.client.end();
    await leaveNote(note!.transaction);
    await query(target, `INSERT INTO auth.failed_attempts VALUES ('x', 1, now(), now())`);
    const { code, output } = await moved(['--from', source, '--to', target]);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('was interrupted after the target had all rows.');
    expect((await moved(['--from', source, '--to', target])).complaint).toContain('was moved to');
    expect(await rowsIn(target)).toBe(rows + 1);
  });

  it('is not mixed up with a move to another place', async () => {
    await leaveNote(await rolledBack(), 'postgres://other.example:5433/tasks');
    const { code, complaint } = await moved(['--from', source, '--to', target]);
    expect(code).toBe(3);
    expect(complaint).toContain('to other.example:5433/tasks, begun on 2026-01-02');
    expect(await rowsIn(target)).toBe(0);
    expect((await moved(['--release', source])).code).toBe(0);
    expect(await query(source, COMMENT)).toEqual([{ comment: 'my tasks' }]);
  });
});

describe('the connection lost at the very moment of the commit', () => {
  let proxy: Awaited<ReturnType<typeof commitProxy>>;

  beforeEach(async () => (proxy = await commitProxy(target)));
  afterEach(() => proxy.end());

  const run = (lost: 'reply' | 'request', then: () => void = () => undefined) =>
    moved(['--from', source, '--to', proxy.url], {
      onOutput: (all) => {
        if (!all.includes('rows compared')) return;
        proxy.arm(lost);
        then();
      },
    });

  it('behind it: the target says that it has the rows, and the move is done', async () => {
    expect(await run('reply')).toMatchObject({ code: 0, complaint: '' });
    await expectMoved();
  });

  it('before it: the target says that it has none, and the source is opened again', async () => {
    expect((await run('request')).code).toBe(1);
    await expectUndone();
  });

  it('for longer: the source stays closed, and the next run finds out', async () => {
    const { code, complaint } = await run('reply', proxy.close);
    expect(code).toBe(3);
    expect(complaint).toContain('is not known, since it cannot be asked: run this again');
    expect(await takesChanges(source)).toBe(false);
    proxy.reopen();
    const again = await moved(['--from', source, '--to', proxy.url]);
    expect(again).toMatchObject({ code: 0, complaint: '' });
    expect(again.output).toContain('was interrupted after the target had all rows.');
    await expectMoved();
  });
});
