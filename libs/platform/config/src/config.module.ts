import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { type ConfigSlice, declaredSlices, readConfig } from './config.js';

/** Injects the parsed values of a slice; type the parameter with ConfigOf. */
export const InjectConfig = (slice: ConfigSlice) => Inject(slice.token);

@Module({})
export class ConfigModule {
  /**
   * Reads all declared slices once.
   *
   * @param env usually process.env
   * @throws ConfigError
   */
  static forRoot(env: NodeJS.ProcessEnv): DynamicModule {
    const values = readConfig(env);
    const providers = declaredSlices().map((slice) => ({
      provide: slice.token,
      useValue: values.get(slice.token),
    }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
