import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@primetrade/clients';
import type { JWK } from 'jose';
import { JWKS_MAX_AGE_SECONDS, SigningKeys } from './signing-keys.js';

@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @Header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOperation({ summary: 'The public keys that verify access tokens' })
  @ApiOkResponse({ description: 'A JSON Web Key Set (RFC 7517).' })
  jwks(): Promise<{ keys: JWK[] }> {
    return this.keys.jwks();
  }
}
