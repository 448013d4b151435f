import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Drain } from './drain.js';
import { HealthController } from './health.controller.js';
import { ReadinessRegistry } from './readiness.registry.js';

@Global()
@Module({})
export class HealthModule {
  /**
   * /health and /ready.
   *
   * @param drain begun by whoever stops the process, before it closes
   */
  static forRoot(drain: Drain): DynamicModule {
    return {
      module: HealthModule,
      // Probes come every few seconds; what is away is logged by whoever needs it.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [ReadinessRegistry, { provide: Drain, useValue: drain }],
      exports: [ReadinessRegistry, Drain],
    };
  }
}
