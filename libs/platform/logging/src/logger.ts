import { trace } from '@opentelemetry/api';
import { type ConfigOf, defineConfig } from '@primetrade/platform-config';
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { z } from 'zod';

export const LoggingConfig = defineConfig(
  'logging',
  z.object({
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        message: 'must be fatal, error, warn, info, debug, trace or silent',
      })
      .default('info'),
    /** Writes to this file instead of standard output. */
    LOG_FILE: z.string().optional(),
  }),
);

/** Wherever a value under one of these names is logged, it is replaced. */
const SECRET_NAMES = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'secret',
  'totp',
  'recoveryCodes',
];
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]).concat(
  '*.headers["set-cookie"]',
);

/**
 * The process's JSON logger. Lines carry the trace id when a request is traced. Writing never
 * blocks on a full disk: a file's lines are dropped instead.
 *
 * @param service name put on every line
 */
export function createLogger(config: ConfigOf<typeof LoggingConfig>, service: string): Logger {
  const sink = destination({
    dest: config.LOG_FILE ?? 1,
    mkdir: true,
    sync: false,
    // Bounds the memory that unwritten lines may take when the disk does not keep up.
    maxLength: 8 * 1024 * 1024,
  });
  sink.on('error', () => undefined);
  return pino(
    {
      level: config.LOG_LEVEL,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
      },
    },
    sink,
  );
}
