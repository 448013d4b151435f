import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, SessionOnly } from '@primetrade/clients';
import {
  TotpConfirmRequest,
  TotpConfirmResponse,
  TotpDisableRequest,
  TotpEnrolRequest,
  TotpEnrolResponse,
} from '@primetrade/contracts';
import { RequestKey } from '../request-key.js';
import { TwoFactor } from './two-factor.js';

@ApiTags('auth')
@SessionOnly()
@Controller('api/v1/auth/totp')
export class TwoFactorController {
  constructor(private readonly twoFactor: TwoFactor) {}

  @Post('enrol')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Get a secret for an authenticator app' })
  @ApiOkResponse({
    standardSchema: TotpEnrolResponse,
    description: 'It counts once a code is confirmed.',
  })
  enrol(
    @CurrentUser() user: Principal,
    @Body({ schema: TotpEnrolRequest }) body: TotpEnrolRequest,
  ): Promise<TotpEnrolResponse> {
    return this.twoFactor.enrol(user.userId, body.password);
  }

  @Post('confirm')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Turn two-factor sign-in on with a first code' })
  @ApiOkResponse({ standardSchema: TotpConfirmResponse, description: 'Shown this once.' })
  async confirm(
    @CurrentUser() user: Principal,
    @Body({ schema: TotpConfirmRequest }) body: TotpConfirmRequest,
    @RequestKey() requestKey: string | undefined,
  ): Promise<TotpConfirmResponse> {
    return { recoveryCodes: await this.twoFactor.confirm(user.userId, body.code, requestKey) };
  }

  @Post('disable')
  @HttpCode(204)
  @ApiOperation({ summary: 'Turn two-factor sign-in off' })
  @ApiNoContentResponse({ description: 'It is off.' })
  async disable(
    @CurrentUser() user: Principal,
    @Body({ schema: TotpDisableRequest }) body: TotpDisableRequest,
  ): Promise<void> {
    await this.twoFactor.disable(user.userId, body.password);
  }
}
