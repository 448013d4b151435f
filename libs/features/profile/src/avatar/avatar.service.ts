import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Profile } from '@primetrade/contracts';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import pLimit from 'p-limit';
import { ProfileService } from '../profile/profile.service.js';
import { AvatarEntity } from './avatar.entity.js';

/** Decoding takes memory and threads that everyone shares; see MAX_PIXELS. */
const AT_ONCE = 2;
/** Each waiting upload is held in memory. */
const MOST_WAITING = 16;

@Injectable()
export class AvatarService {
  private readonly turn = pLimit(AT_ONCE);

  constructor(
    private readonly database: Database,
    private readonly profiles: ProfileService,
  ) {}

  /**
   * Makes an image a person's avatar, in place of the one they had.
   *
   * @throws AppError image_invalid, overloaded when too many wait, or not_found
   */
  async set(userId: string, upload: Buffer): Promise<Profile> {
    if (this.turn.pendingCount >= MOST_WAITING) {
      throw new AppError('overloaded', {
        detail: 'Too many images are being processed. Try again in a few seconds.',
        retryAfter: 5,
      });
    }
    // Loaded by the first upload: decoders of images take memory.
    const { renderAvatar } = await import('./avatar-image.js');
    const image = await this.turn(() => renderAvatar(upload));
    const hash = createHash('sha256').update(image).digest('hex').slice(0, 40);
    return this.profiles.changePart(userId, async (queries) => {
      await queries.upsert(AvatarEntity, { userId, hash, image }, ['userId']);
    });
  }

  /** Does nothing when there is none. */
  async remove(userId: string): Promise<void> {
    await this.profiles.changePart(userId, async (queries) => {
      await queries.delete(AvatarEntity, { userId });
    });
  }

  /**
   * @param hash as in its path; undefined finds whatever image the person has
   * @returns WebP, or undefined when there is no such image
   */
  async find(userId: string, hash?: string): Promise<Buffer | undefined> {
    const avatar = await this.database.read(userId, (queries) =>
      queries.findOne(AvatarEntity, {
        select: { userId: true, image: true },
        where: hash === undefined ? { userId } : { userId, hash },
      }),
    );
    return avatar?.image;
  }
}
