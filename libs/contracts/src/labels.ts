import { z } from 'zod';
import { Timestamp, text } from './common.js';

/** A colour as #rrggbb. */
export const Color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/)
  .toLowerCase();

/** Labels are known by their name, unique per user without regard to case. */
export const LabelName = text(1, 50);

export const Label = z
  .object({
    name: z.string(),
    color: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Label' });
export type Label = z.infer<typeof Label>;

export const LabelList = z.object({ items: z.array(Label) }).meta({ id: 'LabelList' });
export type LabelList = z.infer<typeof LabelList>;

export const CreateLabelRequest = z
  .object({ name: LabelName, color: Color.default('#64748b') })
  .meta({ id: 'CreateLabelRequest' });
export type CreateLabelRequest = z.infer<typeof CreateLabelRequest>;

/** Renaming a label renames it on every task that carries it. */
export const UpdateLabelRequest = z
  .object({ name: LabelName.optional(), color: Color.optional() })
  .meta({ id: 'UpdateLabelRequest' });
export type UpdateLabelRequest = z.infer<typeof UpdateLabelRequest>;
