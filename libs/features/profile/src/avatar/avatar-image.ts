import { AVATAR_SIZE } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import sharp from 'sharp';

/** Bounds the memory of one decoding: at most 8 bytes a pixel, so 200 MB. */
const MAX_PIXELS = 25_000_000;
const DEADLINE_SECONDS = 10;

// Only these decoders may see what strangers send: SVG and PDF, among others, can load more.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
// One thread an image, and no memory kept between images: requests matter more than avatars.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Makes an avatar of an uploaded image: upright, square, of AVATAR_SIZE pixels, as WebP, without
 * metadata (a photo's may tell where it was taken). Of an animation, the first frame.
 *
 * @param upload PNG, JPEG, WebP, GIF or AVIF, whatever it was declared to be
 * @throws AppError image_invalid when it is not a complete image or has too many pixels
 */
export async function renderAvatar(upload: Buffer): Promise<Buffer> {
  try {
    return await sharp(upload, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .timeout({ seconds: DEADLINE_SECONDS })
      .autoOrient()
      .resize(AVATAR_SIZE, AVATAR_SIZE, { fit: 'cover' })
      .toColourspace('srgb')
      .webp({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    throw new AppError('image_invalid', {
      detail: `Choose a complete PNG, JPEG, WebP, GIF or AVIF image of at most ${MAX_PIXELS / 1e6} megapixels.`,
      cause,
    });
  }
}
