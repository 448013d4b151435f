/** Public path of an avatar. It changes with the image and cannot be guessed without it. */
export function avatarPath(userId: string, hash: string): string {
  return `/api/v1/profile/avatars/${userId}/${hash}.webp`;
}
