import { Controller, Get, HttpStatus, Res, SetMetadata } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { HealthReport } from '@primetrade/contracts';
import type { FastifyReply } from 'fastify';
import { Drain } from './drain.js';
import { Degraded, type ReadinessCheck, ReadinessRegistry } from './readiness.registry.js';

/** How long one dependency may take to answer before it counts as away. */
const CHECK_TIMEOUT_MS = 2_000;

/** Open to anyone and outside of rate limits: probes carry no token. */
const Probe = () => SetMetadata('primetrade:probe', true);

@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: ReadinessRegistry,
    private readonly drain: Drain,
  ) {}

  /** Liveness: this process answers. It looks at nothing else, so that no outage restarts it. */
  @Get('health')
  @Probe()
  live(@Res({ passthrough: true }) reply: FastifyReply): HealthReport {
    return report(reply, { process: { status: 'up' } }, true);
  }

  /** Readiness: what this process needs is there, and it is not shutting down. */
  @Get('ready')
  @Probe()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const indicators = this.readiness.checks.map((check) => () => indicate(check));
    try {
      const result = await this.health.check(indicators);
      return report(reply, result.details, !this.drain.hasBegun);
    } catch (error) {
      const details = (error as { response?: { details?: HealthIndicatorResult } }).response
        ?.details;
      if (details === undefined) throw error;
      return report(reply, details, false);
    }
  }
}

async function indicate(check: ReadinessCheck): Promise<HealthIndicatorResult> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check.check(), timeout]);
    return { [check.name]: { status: 'up' } };
  } catch (error) {
    return check.required && !(error instanceof Degraded)
      ? { [check.name]: { status: 'down' } }
      : { [check.name]: { status: 'degraded' } };
  } finally {
    clearTimeout(timer);
  }
}

function report(
  reply: FastifyReply,
  details: HealthIndicatorResult,
  healthy: boolean,
): HealthReport {
  void reply
    .status(healthy ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
    .header('cache-control', 'no-store');
  return {
    status: healthy ? 'healthy' : 'unhealthy',
    timestamp: new Date().toISOString(),
    checks: Object.fromEntries(
      Object.entries(details).map(([name, result]) => [
        name,
        result.status === 'up' ? 'ok' : result.status === 'degraded' ? 'degraded' : 'error',
      ]),
    ),
  };
}
