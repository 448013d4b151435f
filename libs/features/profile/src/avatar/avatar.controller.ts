import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Put,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, Public, RequireScope } from '@primetrade/clients';
import { Id, Profile } from '@primetrade/contracts';
import { VersionEtagInterceptor } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply } from 'fastify';
import { AvatarService } from './avatar.service.js';

const ACCEPTED = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'];
const BINARY = { type: 'string', format: 'binary' } as const;

@ApiTags('profile')
@Controller('api/v1/profile')
export class AvatarController {
  constructor(private readonly avatars: AvatarService) {}

  @Put('avatar')
  @RequireScope('profile:write')
  @UseInterceptors(VersionEtagInterceptor)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Set your avatar',
    description: 'The body is the image itself, at most 5 MiB. It is cropped to a square.',
  })
  @ApiConsumes(...ACCEPTED)
  @ApiBody({ schema: BINARY })
  @ApiOkResponse({ description: 'The profile with the new avatarUrl.', standardSchema: Profile })
  async set(
    @CurrentUser() user: Principal,
    @Headers('content-type') type: string | undefined,
    @Body() upload: unknown,
  ): Promise<Profile> {
    const mediaType = type?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!ACCEPTED.includes(mediaType)) {
      throw new AppError('unsupported_media_type', {
        detail: `Send the image itself as the body, with one of these content types: ${ACCEPTED.join(', ')}.`,
      });
    }
    return this.avatars.set(user.userId, Buffer.isBuffer(upload) ? upload : Buffer.alloc(0));
  }

  @Delete('avatar')
  @HttpCode(204)
  @RequireScope('profile:write')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Remove your avatar' })
  @ApiNoContentResponse({ description: 'There is no avatar now.' })
  async remove(@CurrentUser() user: Principal): Promise<void> {
    await this.avatars.remove(user.userId);
  }

  // An <img> sends no token. The path holds a hash of the content, so only those can ask who were
  // given it. Only failures count against the address (see the table of routes): successful requests
  // must not use up a household's sign-ins.
  @Get('avatars/:userId/:hash.webp')
  @Public()
  @Header('x-content-type-options', 'nosniff')
  @ApiOperation({ summary: 'An avatar, at the path that avatarUrl names' })
  @ApiProduces('image/webp')
  @ApiOkResponse({ description: 'The image; it never changes.', schema: BINARY })
  async image(
    @Param('userId') userId: string,
    @Param('hash') hash: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = Id.safeParse(userId);
    const image = owner.success ? await this.avatars.find(owner.data, hash) : undefined;
    if (image === undefined) throw new AppError('not_found');
    await reply
      .header('content-type', 'image/webp')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(image);
  }
}
