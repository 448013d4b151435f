import { Module } from '@nestjs/common';
import { guardsBehindGateway } from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { TasksModule } from '@primetrade/feature-tasks';
import { TasksInternalModule } from '@primetrade/feature-tasks/internal';
import { FeatureHostModule } from '@primetrade/platform-feature-host';

/** The tasks feature in a service of its own. */
@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'tasks', processes: 'many' }),
    AuthClientModule.remote('tasks'),
    TasksModule,
    TasksInternalModule,
  ],
  providers: guardsBehindGateway,
})
export class AppModule {}
