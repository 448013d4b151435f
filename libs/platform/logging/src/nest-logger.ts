import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/** Nest's own messages and `new Logger(context)` through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes (message, …more, context); an object message is followed by its text. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' ? { context: last } : {};
    const others = rest.slice(0, typeof last === 'string' ? -1 : undefined);
    if (typeof message === 'object' && message !== null && !(message instanceof Error)) {
      this.logger[level]({ ...context, ...message }, others.map(String).join(' '));
    } else if (message instanceof Error) {
      this.logger[level]({ ...context, err: message }, message.message);
    } else {
      const stack = others.find((other) => typeof other === 'string');
      this.logger[level](
        { ...context, ...(stack === undefined ? {} : { stack }) },
        String(message),
      );
    }
  }
}
