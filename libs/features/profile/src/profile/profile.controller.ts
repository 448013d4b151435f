import { Body, Controller, Get, Headers, Patch, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import { Profile, UpdateProfileRequest } from '@primetrade/contracts';
import { VersionEtagInterceptor } from '@primetrade/platform-database';
import { Idempotent } from '@primetrade/platform-idempotency';
import { SCHEMA } from '../schema.js';
import { ProfileService } from './profile.service.js';

@ApiTags('profile')
@ApiBearerAuth()
@Controller('api/v1/profile')
export class ProfileController {
  constructor(private readonly profiles: ProfileService) {}

  @Get()
  @RequireScope('profile:read')
  @UseInterceptors(VersionEtagInterceptor)
  @ApiOperation({ summary: 'Your profile' })
  @ApiOkResponse({ description: 'The profile; its version is the ETag.', standardSchema: Profile })
  get(@CurrentUser() user: Principal): Promise<Profile> {
    return this.profiles.get(user.userId);
  }

  @Patch()
  @RequireScope('profile:write')
  @Idempotent(SCHEMA)
  @UseInterceptors(VersionEtagInterceptor)
  @ApiOperation({ summary: 'Change your profile' })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag of the profile as you read it; 412 when it was changed since.',
  })
  @ApiOkResponse({ description: 'The profile as it is now.', standardSchema: Profile })
  update(
    @CurrentUser() user: Principal,
    @Body({ schema: UpdateProfileRequest }) changes: UpdateProfileRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Profile> {
    return this.profiles.update(user.userId, changes, ifMatch);
  }
}
