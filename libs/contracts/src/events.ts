import { z } from 'zod';
import { Id } from './common.js';

/**
 * What GET /api/v1/events sends, as the `data` of server-sent events. Events say what changed, not
 * how it looks now: a client fetches again, so a lost event costs freshness and never correctness.
 */
export const ChangeEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('tasks.changed'),
      /** The tasks concerned; empty means many. */
      ids: z.array(Id),
    }),
    z.object({ type: z.literal('projects.changed') }),
    z.object({ type: z.literal('labels.changed') }),
    z.object({ type: z.literal('profile.changed') }),
    z.object({ type: z.literal('import.progress'), id: Id }),
    z.object({ type: z.literal('session.revoked'), sessionId: Id.nullable() }),
  ])
  .meta({ id: 'ChangeEvent' });
export type ChangeEvent = z.infer<typeof ChangeEvent>;
