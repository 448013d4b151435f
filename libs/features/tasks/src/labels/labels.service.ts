import { Injectable } from '@nestjs/common';
import type { CreateLabelRequest, Label, UpdateLabelRequest } from '@primetrade/contracts';
import { Database, isUniqueViolation, type Queries } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Changes, tasksChanged } from '../changes.service.js';
import { checkLabelCount, labelKey } from './label-names.js';
import { LabelEntity } from './label.entity.js';

/** A user's labels. Tasks hold their names, so a rename writes the tasks too. */
@Injectable()
export class LabelsService {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** All of them, by name. */
  async list(userId: string): Promise<Label[]> {
    const labels = await this.database.read(userId, (queries) =>
      queries.find(LabelEntity, { where: { userId }, order: { nameKey: 'ASC' } }),
    );
    return labels.map(toLabel);
  }

  /** @throws AppError `already_exists`, `limit_reached` */
  async create(userId: string, request: CreateLabelRequest): Promise<Label> {
    return this.database.write(userId, async (queries) => {
      const label = queries.create(LabelEntity, {
        userId,
        nameKey: labelKey(request.name),
        name: request.name.normalize('NFC'),
        color: request.color,
      });
      try {
        // insert, not save: save would look for the row first and change it if it is there.
        await queries.insert(LabelEntity, label);
      } catch (error) {
        throw isUniqueViolation(error, 'labels_pkey') ? labelExists() : error;
      }
      checkLabelCount(await queries.countBy(LabelEntity, { userId }));
      await this.changes.announce(userId, { type: 'labels.changed' });
      return toLabel(label);
    });
  }

  /** @throws AppError `not_found`, `already_exists` */
  async update(userId: string, name: string, request: UpdateLabelRequest): Promise<Label> {
    return this.database.write(userId, async (queries) => {
      const label = await this.locked(queries, userId, name);
      const before = { nameKey: label.nameKey, name: label.name };
      if (request.color !== undefined) label.color = request.color;
      if (request.name !== undefined) {
        label.name = request.name.normalize('NFC');
        label.nameKey = labelKey(request.name);
      }
      const { nameKey, color } = label;
      try {
        await queries.update(
          LabelEntity,
          { userId, nameKey: before.nameKey },
          { nameKey, name: label.name, color },
        );
      } catch (error) {
        throw isUniqueViolation(error, 'labels_pkey') ? labelExists() : error;
      }
      const renamed = label.name !== before.name;
      if (renamed) {
        await queries.query(
          `UPDATE tasks.tasks SET labels = array_replace(labels, $2, $3),
             version = version + 1, updated_at = now()
           WHERE user_id = $1 AND labels @> ARRAY[$2]`,
          [userId, before.name, label.name],
        );
      }
      await this.announce(userId, renamed);
      return toLabel(label);
    });
  }

  /**
   * Deletes a label and takes it off every task.
   *
   * @throws AppError `not_found`
   */
  async delete(userId: string, name: string): Promise<void> {
    await this.database.write(userId, async (queries) => {
      const label = await this.locked(queries, userId, name);
      await queries.delete(LabelEntity, { userId, nameKey: label.nameKey });
      await queries.query(
        `UPDATE tasks.tasks SET labels = array_remove(labels, $2),
           version = version + 1, updated_at = now()
         WHERE user_id = $1 AND labels @> ARRAY[$2]`,
        [userId, label.name],
      );
      await this.announce(userId, true);
    });
  }

  /** The label, locked: no task gets its name until the transaction ends. */
  private async locked(queries: Queries, userId: string, name: string): Promise<LabelEntity> {
    const label = await queries.findOne(LabelEntity, {
      where: { userId, nameKey: labelKey(name) },
      lock: { mode: 'pessimistic_write' },
    });
    if (label === null) {
      throw new AppError('not_found', { detail: 'There is no label with this name.' });
    }
    return label;
  }

  private async announce(userId: string, tasks: boolean): Promise<void> {
    await this.changes.announce(
      userId,
      { type: 'labels.changed' },
      ...(tasks ? [tasksChanged('many')] : []),
    );
  }
}

function toLabel(label: LabelEntity): Label {
  return { name: label.name, color: label.color, createdAt: label.createdAt.toISOString() };
}

function labelExists(): AppError {
  return new AppError('already_exists', {
    detail: 'A label with this name exists. Choose another name.',
  });
}
