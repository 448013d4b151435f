import { trace } from '@opentelemetry/api';
import { type ConfigOf, defineConfig } from '@primetrade/platform-config';
import { destination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
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

/** Unwritten lines may take this much memory when the disk does not keep up; then lines drop. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/**
 * The process's JSON logger. Secrets are redacted; lines carry the trace id when a request is
 * traced. Writing never blocks on a full disk: a file's lines are dropped instead.
 *
 * @param service name put on every line
 */
export function createLogger(config: ConfigOf<typeof LoggingConfig>, service: string): Logger {
  return pino(
    { ...common(config, service), redact: { paths: SECRET_PATHS, censor: '[redacted]' } },
    sink(config),
  );
}

/**
 * The logger of lines that come with every request. Their fields are fixed and hold no secrets, so
 * they are not searched for any, and they are written in blocks, at the latest after half a second.
 */
export function createAccessLogger(
  config: ConfigOf<typeof LoggingConfig>,
  service: string,
): Logger {
  return pino(common(config, service), sink(config, { minLength: 8_192, periodicFlush: 500 }));
}

function common(config: ConfigOf<typeof LoggingConfig>, service: string): LoggerOptions {
  return {
    level: config.LOG_LEVEL,
    base: { service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
    },
  };
}

function sink(
  config: ConfigOf<typeof LoggingConfig>,
  buffering: { minLength?: number; periodicFlush?: number } = {},
) {
  const made = destination({
    dest: config.LOG_FILE ?? 1,
    mkdir: true,
    sync: false,
    maxLength: MAX_BUFFERED_BYTES,
    ...buffering,
  });
  made.on('error', () => undefined);
  return made;
}
