import { type DynamicModule, Module, type Type } from '@nestjs/common';

/** Makes TasksClient known to every module of the process. */
@Module({})
export class TasksClientModule {
  /**
   * Binds the port to the tasks feature in this process.
   *
   * @param feature a module that exports TasksClient
   */
  static local(feature: Type): DynamicModule {
    return { module: TasksClientModule, global: true, imports: [feature], exports: [feature] };
  }
}
