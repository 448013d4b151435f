import { Module } from '@nestjs/common';
import { guardsBehindGateway } from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { TasksClientModule } from '@primetrade/clients/remote-tasks';
import { ProfileModule } from '@primetrade/feature-profile';
import { FeatureHostModule } from '@primetrade/platform-feature-host';

/** The profile feature in a service of its own. */
@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'profile', processes: 'many' }),
    AuthClientModule.remote('profile'),
    TasksClientModule.remote('profile'),
    ProfileModule,
  ],
  providers: guardsBehindGateway,
})
export class AppModule {}
