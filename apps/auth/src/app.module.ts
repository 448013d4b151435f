import { Module } from '@nestjs/common';
import { AuthClientModule, guardsBehindGateway } from '@primetrade/clients';
import { AuthModule } from '@primetrade/feature-auth';
import { AuthInternalModule } from '@primetrade/feature-auth/internal';
import { FeatureHostModule } from '@primetrade/platform-feature-host';

/** The auth feature in a service of its own. */
@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'auth', processes: 'many' }),
    AuthClientModule.local(AuthModule),
    AuthInternalModule,
  ],
  providers: guardsBehindGateway,
})
export class AppModule {}
