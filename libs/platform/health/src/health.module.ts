import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { ReadinessRegistry } from './readiness.registry.js';

@Global()
@Module({})
export class HealthModule {
  /**
   * /health and /ready.
   *
   * @param drainMs how long after SIGTERM the listener stays open while /ready already answers
   *   503, so that load balancers stop sending before the process stops accepting
   */
  static forRoot({ drainMs }: { drainMs: number }): DynamicModule {
    return {
      module: HealthModule,
      imports: [
        TerminusModule.forRoot({ gracefulShutdownTimeoutMs: drainMs, errorLogStyle: 'json' }),
      ],
      controllers: [HealthController],
      providers: [ReadinessRegistry],
      exports: [ReadinessRegistry],
    };
  }
}
