import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureSchema } from './feature-schema.js';
import { RequiredSchemas } from './required-schemas.js';

@Module({})
export class SchemaModule {
  /** Makes the process wait, with its readiness, for what a feature needs of its schema. */
  static require(schema: FeatureSchema): DynamicModule {
    return {
      module: SchemaModule,
      providers: [
        {
          provide: Symbol(`schema ${schema.schema}`),
          inject: [RequiredSchemas],
          useFactory: (required: RequiredSchemas) => required.add(schema),
        },
      ],
    };
  }
}
