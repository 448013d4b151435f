import { trace } from '@opentelemetry/api';
import { type ConfigOf, defineConfig } from '@primetrade/platform-config';
import {
  destination,
  type Logger,
  type LoggerOptions,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
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
 * What is logged of an error beside its type, message and stack: names and codes. Everything else
 * stays out, as database errors carry the parameters of the statement and the row that it concerns,
 * and with them password hashes, digests of tokens and what people have written.
 */
const ERROR_FIELDS = [
  'code',
  'status',
  'query',
  'constraint',
  'schema',
  'table',
  'column',
  'syscall',
  'address',
  'port',
];

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
    serializers: { err: describeError },
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
    },
  };
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const fields = Object.entries(error).filter(([name]) => ERROR_FIELDS.includes(name));
  const errors = error instanceof AggregateError ? error.errors.map(describeError) : undefined;
  return { type, message, stack, ...Object.fromEntries(fields), errors };
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
