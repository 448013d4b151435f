import { Injectable } from '@nestjs/common';
import type { ExportQuery } from '@primetrade/contracts';
import { Database } from '@primetrade/platform-database';
import { LabelsService } from '../../labels/labels.service.js';
import { ProjectsService } from '../../projects/projects.service.js';
import { readAllTasks } from '../../tasks/task-reader.js';
import { csvExport, type ExportedProject } from './csv-export.js';
import { jsonExport } from './json-export.js';

/** Writes files of all that a user has, apart from the trash. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsService,
    private readonly labels: LabelsService,
  ) {}

  /**
   * The file piece by piece: a batch of tasks is in memory at a time.
   *
   * @param exportedAt ISO 8601
   */
  async *write(
    userId: string,
    format: ExportQuery['format'],
    exportedAt: string,
  ): AsyncGenerator<string> {
    const tasks = readAllTasks(this.database, userId);
    const projects = (await this.projects.list(userId)).map(
      ({ id, name, color, position, archivedAt, createdAt }): ExportedProject => ({
        ...{ id, name, color, position, archivedAt, createdAt },
      }),
    );
    if (format === 'csv') {
      yield* csvExport(tasks, projects);
    } else {
      const labels = await this.labels.list(userId);
      yield* jsonExport(
        tasks,
        projects,
        labels.map(({ name, color }) => ({ name, color })),
        exportedAt,
      );
    }
  }
}
