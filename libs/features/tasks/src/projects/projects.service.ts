import { Injectable } from '@nestjs/common';
import type { CreateProjectRequest, Project, UpdateProjectRequest } from '@primetrade/contracts';
import { Database, type Queries, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Changes, tasksChanged } from '../changes.service.js';
import { lockUser } from '../database/user-lock.js';
import { EndPositions, positionBetween } from '../ordering/position.js';
import { needsNewPositions, renumber } from '../ordering/renumber.js';
import { ProjectEntity } from './project.entity.js';

export const MAX_PROJECTS = 500;

/** A user's projects, of which there are few: what concerns their order reads all of them. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly endPositions: EndPositions,
  ) {}

  /** All of them, archived ones too, in their order. */
  async list(userId: string): Promise<Project[]> {
    const projects = await this.database.read(userId, (queries) => inOrder(queries, userId));
    return projects.map(toProject);
  }

  /** @throws AppError `not_found` */
  async get(userId: string, id: string): Promise<Project> {
    const project = await this.database.read(userId, (queries) =>
      queries.findOne(ProjectEntity, { where: { userId, id } }),
    );
    if (project === null) throw notFound();
    return toProject(project);
  }

  /** @throws AppError `limit_reached` */
  async create(userId: string, request: CreateProjectRequest): Promise<Project> {
    return this.database.write(userId, async (queries) => {
      const project = queries.create(ProjectEntity, {
        ...request,
        userId,
        id: uuidv7(),
        position: this.endPositions.next(),
        archivedAt: null,
      });
      await queries.insert(ProjectEntity, project);
      checkProjectCount(await queries.countBy(ProjectEntity, { userId }));
      await this.changes.announce(userId, { type: 'projects.changed' });
      return toProject(project);
    });
  }

  /** @throws AppError `not_found`, `conflict` */
  async update(userId: string, id: string, request: UpdateProjectRequest): Promise<Project> {
    return this.database.write(userId, async (queries) => {
      await lockUser(queries, userId);
      const projects = await inOrder(queries, userId);
      let project = projects.find((each) => each.id === id);
      if (project === undefined) throw notFound();
      const { name, color, archived, afterId } = request;
      if (name !== undefined) project.name = name;
      if (color !== undefined) project.color = color;
      const now = new Date();
      if (archived !== undefined)
        project.archivedAt = archived ? (project.archivedAt ?? now) : null;
      if (afterId !== undefined) project.position = positionBehind(projects, id, afterId);
      project.updatedAt = now;
      project.version += 1;
      await queries.update(
        ProjectEntity,
        { userId, id },
        {
          name: project.name,
          color: project.color,
          archivedAt: project.archivedAt,
          position: project.position,
          updatedAt: now,
        },
      );
      if (needsNewPositions(projects)) {
        await renumber(queries, 'projects', userId);
        project = await queries.findOneByOrFail(ProjectEntity, { userId, id });
      }
      await this.changes.announce(userId, { type: 'projects.changed' });
      return toProject(project);
    });
  }

  /**
   * Deletes a project. Its tasks stay, without a project.
   *
   * @throws AppError `not_found`
   */
  async delete(userId: string, id: string): Promise<void> {
    await this.database.write(userId, async (queries) => {
      // The lock keeps out tasks that are being created in the project.
      const project = await queries.findOne(ProjectEntity, {
        where: { userId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (project === null) throw notFound();
      await queries.query(
        `UPDATE tasks.tasks SET project_id = NULL, version = version + 1, updated_at = now()
         WHERE user_id = $1 AND project_id = $2`,
        [userId, id],
      );
      await queries.delete(ProjectEntity, { userId, id });
      await this.changes.announce(userId, { type: 'projects.changed' }, tasksChanged('many'));
    });
  }
}

/** @throws AppError `limit_reached` */
export function checkProjectCount(count: number): void {
  if (count > MAX_PROJECTS) {
    throw new AppError('limit_reached', {
      detail: `An account has at most ${MAX_PROJECTS} projects. Delete some that are not used.`,
    });
  }
}

function inOrder(queries: Queries, userId: string): Promise<ProjectEntity[]> {
  return queries.find(ProjectEntity, {
    where: { userId },
    order: { position: 'ASC', id: 'ASC' },
  });
}

function positionBehind(
  projects: readonly ProjectEntity[],
  id: string,
  afterId: string | null,
): string {
  const others = projects.filter((each) => each.id !== id);
  const index = afterId === null ? -1 : others.findIndex((each) => each.id === afterId);
  if (afterId === id) {
    throw new AppError('conflict', {
      detail: 'A project cannot be moved behind itself. Name another project as afterId.',
    });
  }
  if (afterId !== null && index === -1) {
    throw new AppError('not_found', {
      detail: 'There is no project with this afterId. Fetch the list again.',
    });
  }
  const before = others[index]?.position ?? null;
  const next = others.find((each) => before === null || each.position > before);
  return positionBetween(before, next?.position ?? null);
}

function toProject(project: ProjectEntity): Project {
  return {
    id: project.id,
    name: project.name,
    color: project.color,
    position: project.position,
    archivedAt: project.archivedAt?.toISOString() ?? null,
    createdAt: project.createdAt.toISOString(),
    updatedAt: project.updatedAt.toISOString(),
    version: project.version,
  };
}

function notFound(): AppError {
  return new AppError('not_found', { detail: 'There is no project with this id.' });
}
