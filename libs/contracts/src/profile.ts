import { z } from 'zod';
import { DisplayName } from './auth.js';
import { Id, Timestamp, text } from './common.js';

/** An IANA time zone that this runtime knows. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(
    (zone) => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        return true;
      } catch {
        return false;
      }
    },
    { message: 'is not a known time zone' },
  );

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

export const Profile = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    bio: z.string(),
    timeZone: z.string(),
    /** The first day of the week: 0 Sunday to 6 Saturday. */
    weekStart: z.number().int(),
    theme: Theme,
    /** Path of the avatar image; it changes with the image, so it may be cached for ever. */
    avatarUrl: z.string().nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof Profile>;

export const UpdateProfileRequest = z
  .object({
    name: DisplayName.optional(),
    bio: text(0, 1000).optional(),
    timeZone: TimeZone.optional(),
    weekStart: z.number().int().min(0).max(6).optional(),
    theme: Theme.optional(),
  })
  .meta({ id: 'UpdateProfileRequest' });
export type UpdateProfileRequest = z.infer<typeof UpdateProfileRequest>;

/** Deleting an account asks for the password once more. */
export const DeleteProfileRequest = z
  .object({ password: z.string().min(1).max(128) })
  .meta({ id: 'DeleteProfileRequest' });
export type DeleteProfileRequest = z.infer<typeof DeleteProfileRequest>;

/** Largest avatar upload, in bytes. */
export const AVATAR_MAX_BYTES = 5 * 1024 * 1024;
/** Edge length of a stored avatar, in pixels. */
export const AVATAR_SIZE = 256;
