import { z } from 'zod';
import { Id, Timestamp, text } from './common.js';
import { Color } from './labels.js';

export const Project = z
  .object({
    id: Id,
    name: z.string(),
    color: z.string(),
    /** Order among the user's projects: compare as plain strings. */
    position: z.string(),
    archivedAt: Timestamp.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const ProjectList = z.object({ items: z.array(Project) }).meta({ id: 'ProjectList' });
export type ProjectList = z.infer<typeof ProjectList>;

export const CreateProjectRequest = z
  .object({ name: text(1, 120), color: Color.default('#4f46e5') })
  .meta({ id: 'CreateProjectRequest' });
export type CreateProjectRequest = z.infer<typeof CreateProjectRequest>;

export const UpdateProjectRequest = z
  .object({
    name: text(1, 120).optional(),
    color: Color.optional(),
    archived: z.boolean().optional(),
    /** Moves the project right behind this one; null moves it to the front. */
    afterId: Id.nullable().optional(),
  })
  .meta({ id: 'UpdateProjectRequest' });
export type UpdateProjectRequest = z.infer<typeof UpdateProjectRequest>;
