import { Module } from '@nestjs/common';
import { ServiceTokens } from '@primetrade/clients/internal';
import { AuthModule } from '../auth.module.js';
import { AccountsInternalController } from './accounts-internal.controller.js';
import { TokensInternalController } from './tokens-internal.controller.js';

/** The auth feature for other services; a process with all features does without. */
@Module({
  imports: [AuthModule],
  controllers: [AccountsInternalController, TokensInternalController],
  providers: [ServiceTokens],
})
export class AuthInternalModule {}
