import { defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

export const EventsConfig = defineConfig(
  'events',
  z.object({
    /** How often an idle stream gets a comment, so that proxies do not take it for dead. */
    EVENTS_HEARTBEAT_MS: durationMs(10, 60_000).default(20_000),
    /** How long a stream lasts; the client then connects again, and its token is checked again. */
    EVENTS_MAX_AGE_MS: durationMs(10, 86_400_000).default(900_000),
    /** Streams that one user may hold open on this process. */
    EVENTS_MAX_PER_USER: z.coerce.number().int().min(1).max(1_000).default(20),
  }),
);
