import { type DynamicModule, Inject, Module } from '@nestjs/common';
import type { ConfigSlice, ConfigValues } from './config.js';

/** Injects the parsed values of a slice; type the parameter with ConfigOf. */
export const InjectConfig = (slice: ConfigSlice) => Inject(slice.token);

@Module({})
export class ConfigModule {
  /** @param values as readConfig returned them, provided under the slices' tokens */
  static forRoot(values: ConfigValues): DynamicModule {
    const providers = values.tokens().map((token) => ({
      provide: token,
      useValue: values.byToken(token),
    }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
