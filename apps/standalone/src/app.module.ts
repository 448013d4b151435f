import { Module } from '@nestjs/common';
import { apiGuards, AuthClientModule, TasksClientModule } from '@primetrade/clients';
import { AuthModule } from '@primetrade/feature-auth';
import { ProfileModule } from '@primetrade/feature-profile';
import { TasksModule } from '@primetrade/feature-tasks';
import { FeatureHostModule } from '@primetrade/platform-feature-host';

/** Every feature in one process. */
@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'standalone', processes: 'one' }),
    AuthClientModule.local(AuthModule),
    TasksClientModule.local(TasksModule),
    ProfileModule,
  ],
  providers: apiGuards,
})
export class AppModule {}
