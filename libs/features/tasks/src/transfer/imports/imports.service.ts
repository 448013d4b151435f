import { Injectable } from '@nestjs/common';
import { IMPORT_MAX_BYTES, type ImportJob, type ImportQuery } from '@primetrade/contracts';
import { Database, type Queries, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Changes } from '../../changes.service.js';
import { lockUser } from '../../database/user-lock.js';
import { EndPositions } from '../../ordering/position.js';
import type { FileContents } from '../reading/read-file.js';
import { arrangeTasks } from './arrange-tasks.js';
import { placeLabels, placeProjects } from './import-places.js';
import { countUnfinished, findImport, listImports, storeImport } from './import-store.js';
import { ImportWorker } from './import.worker.js';

const MAX_UNFINISHED = 3;
/** Files that are read at one time may hold so much together: a bound on memory. */
const MAX_BYTES_AT_ONCE = 3 * IMPORT_MAX_BYTES;

/** Takes files of tasks in, and tells how far they are. */
@Injectable()
export class ImportsService {
  private bytesAtOnce = 0;

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly endPositions: EndPositions,
    private readonly worker: ImportWorker,
  ) {}

  /**
   * Reads a file and stores all that is to be inserted; from then on the import runs on by itself,
   * across restarts too.
   *
   * @throws AppError `import_invalid`, `not_found` for the project, `limit_reached`, `overloaded`
   */
  async start(userId: string, bytes: Buffer, query: ImportQuery): Promise<ImportJob> {
    const file = await this.read(bytes, query);
    return this.database.write(userId, async (queries) => {
      await lockUser(queries, userId);
      await this.check(queries, userId, query);
      const nextPosition = () => this.endPositions.next();
      const projectIds = await placeProjects(queries, userId, file.projects, nextPosition);
      await placeLabels(queries, userId, file);
      const tasks = arrangeTasks(file.tasks, {
        projectIds,
        defaultProjectId: query.project ?? null,
        now: new Date().toISOString(),
        newId: uuidv7,
        nextPosition,
      });
      const job = await storeImport(queries, userId, uuidv7(), file, tasks);
      await this.changes.announce(
        userId,
        { type: 'projects.changed' },
        { type: 'labels.changed' },
        { type: 'import.progress', id: job.id },
      );
      await this.database.afterCommit(() => this.worker.wake());
      return job;
    });
  }

  /** The latest 20, newest first. */
  async list(userId: string): Promise<ImportJob[]> {
    return this.database.read(userId, (queries) => listImports(queries, userId));
  }

  /** @throws AppError `not_found` */
  async get(userId: string, id: string): Promise<ImportJob> {
    const job = await this.database.read(userId, (queries) => findImport(queries, userId, id));
    if (job === undefined) {
      throw new AppError('not_found', {
        detail: 'There is no import with this id. The latest 20 are kept.',
      });
    }
    return job;
  }

  private async read(bytes: Buffer, query: ImportQuery): Promise<FileContents> {
    if (this.bytesAtOnce + bytes.length > MAX_BYTES_AT_ONCE) {
      throw new AppError('overloaded', {
        detail: 'Many files are being imported right now. Try again in a few seconds.',
        retryAfter: 5,
      });
    }
    this.bytesAtOnce += bytes.length;
    try {
      // Loaded by the first import: readers of dates in all languages take memory.
      const { readFile } = await import('../reading/read-file.js');
      return await readFile(bytes, {
        format: query.format,
        timeZone: query.timeZone,
        now: Date.now(),
      });
    } finally {
      this.bytesAtOnce -= bytes.length;
    }
  }

  private async check(queries: Queries, userId: string, query: ImportQuery): Promise<void> {
    if ((await countUnfinished(queries, userId)) >= MAX_UNFINISHED) {
      throw new AppError('limit_reached', {
        detail: `${MAX_UNFINISHED} imports are not finished yet. Wait until one of them is.`,
      });
    }
    if (query.project === undefined) return;
    const found: unknown[] = await queries.query(
      'SELECT 1 FROM tasks.projects WHERE user_id = $1 AND id = $2',
      [userId, query.project],
    );
    if (found.length === 0) {
      throw new AppError('not_found', {
        detail: 'There is no project with this id. Create it first, or leave project out.',
      });
    }
  }
}
