import { booleanFlag, defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

/** Items of a list that is separated by commas. */
const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

export const ServerConfig = defineConfig(
  'server',
  z.object({
    /** Largest JSON body in bytes. */
    BODY_LIMIT_BYTES: z.coerce
      .number()
      .int()
      .min(1024)
      .default(2 * 1024 * 1024),
    /**
     * Addresses or CIDR ranges of the proxies in front, separated by commas; only they may say
     * in X-Forwarded-For who the client is.
     */
    TRUSTED_PROXIES: list().default([]),
    /** Address under which people reach this installation, where it is not the Host they send. */
    PUBLIC_URL: z.url('must be a complete address, such as https://tasks.example.org').optional(),
    /**
     * Origins of other sites whose pages may use the API, separated by commas. Every service has
     * the same.
     */
    CORS_ORIGINS: list()
      .refine((origins) => origins.every((origin) => URL.parse(origin)?.origin === origin), {
        message:
          'must be origins without a path, separated by commas, such as https://app.example.org',
      })
      .default([]),
    /**
     * How long the sender of a request waits at most: longer than a statement may take, shorter
     * than the gateway waits. Streams and uploads in progress are not cut off.
     */
    REQUEST_TIMEOUT_MS: durationMs(100, 600_000).default(10_000),
    /** How long after SIGTERM requests are still taken while /ready says no. */
    SHUTDOWN_DRAIN_MS: durationMs(0, 300_000).default(5_000),
    /** How long requests in flight may take after that, before they are cut off. */
    SHUTDOWN_GRACE_MS: durationMs(0, 300_000).default(15_000),
    /** Serves the API's documentation at /api/openapi.json, and for people at /api/docs. */
    API_DOCS: booleanFlag().default(true),
  }),
);
