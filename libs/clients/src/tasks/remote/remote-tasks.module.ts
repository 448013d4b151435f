import { type DynamicModule, Module } from '@nestjs/common';
import type { ConfigOf } from '@primetrade/platform-config';
import { ServiceClient } from '../../http/service-client.js';
import { type Caller, ServiceTokens } from '../../service/service-tokens.js';
import { TasksClient } from '../tasks.client.js';
import { RemoteTasksClient } from './remote-tasks.client.js';
import { TasksAddressConfig } from './tasks-address.config.js';

/** Makes TasksClient known to every module of the process. */
@Module({})
export class TasksClientModule {
  /**
   * Binds the port to the tasks service, over HTTP.
   *
   * @param caller the service that this process is of
   */
  static remote(caller: Caller): DynamicModule {
    return {
      module: TasksClientModule,
      global: true,
      providers: [
        ServiceTokens,
        {
          provide: TasksClient,
          inject: [TasksAddressConfig.token, ServiceTokens],
          useFactory: (config: ConfigOf<typeof TasksAddressConfig>, tokens: ServiceTokens) =>
            new RemoteTasksClient(
              new ServiceClient({
                caller,
                service: 'tasks',
                addresses: config.TASKS_URL,
                tokens,
              }),
            ),
        },
      ],
      exports: [TasksClient],
    };
  }
}
