import { Module } from '@nestjs/common';
import { apiGuards, AuthClientModule, TasksClientModule } from '@primetrade/clients';
import { AuthModule } from '@primetrade/feature-auth';
import { ProfileModule } from '@primetrade/feature-profile';
import { TasksModule } from '@primetrade/feature-tasks';
import { CacheModule } from '@primetrade/platform-cache';
import { DatabaseModule } from '@primetrade/platform-database';
import { EventsModule } from '@primetrade/platform-events';
import { JobsModule } from '@primetrade/platform-jobs';
import { RateLimitModule } from '@primetrade/platform-rate-limit';

/** Every feature in one process. */
@Module({
  imports: [
    DatabaseModule,
    CacheModule,
    EventsModule,
    JobsModule,
    RateLimitModule,
    AuthClientModule.local(AuthModule),
    TasksClientModule.local(TasksModule),
    ProfileModule,
  ],
  providers: apiGuards,
})
export class AppModule {}
