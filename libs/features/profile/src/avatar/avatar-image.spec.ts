import { AVATAR_MAX_BYTES, AVATAR_SIZE } from '@primetrade/contracts';
import sharp from 'sharp';
import { renderAvatar } from './avatar-image.js';

const RED = { r: 255, g: 0, b: 0 };
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: RED } });

/** Red above, blue below. */
const twoColours = () =>
  plain(64, 64).composite([
    {
      input: { create: { width: 64, height: 32, channels: 3, background: { r: 0, g: 0, b: 255 } } },
      top: 32,
      left: 0,
    },
  ]);

async function pixel(image: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)];
}

describe('renderAvatar', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('makes a square of %s', async (type) => {
    const image = await renderAvatar(await plain(300, 200).toFormat(type).toBuffer());
    expect(await sharp(image).metadata()).toMatchObject({
      format: 'webp',
      width: AVATAR_SIZE,
      height: AVATAR_SIZE,
    });
  });

  it('enlarges what is small', async () => {
    const image = await renderAvatar(await plain(1, 1).png().toBuffer());
    expect((await sharp(image).metadata()).width).toBe(AVATAR_SIZE);
  });

  it('turns a photo upright and strips where it was taken', async () => {
    const photo = await twoColours()
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 3 })
      .withExif({ IFD3: { GPSLatitude: '52/1 30/1 0/1', GPSLatitudeRef: 'N' } })
      .toBuffer();
    const image = await renderAvatar(photo);
    const [red = 0, , blue = 0] = await pixel(image, AVATAR_SIZE / 2, 10);
    expect(blue).toBeGreaterThan(red);
    const metadata = await sharp(image).metadata();
    expect(metadata.exif).toBeUndefined();
    expect(metadata.xmp).toBeUndefined();
    expect(metadata.icc).toBeUndefined();
    expect(metadata.orientation).toBeUndefined();
  });

  it('gives the same result for the same image', async () => {
    const upload = await twoColours().png().toBuffer();
    expect(await renderAvatar(upload)).toEqual(await renderAvatar(upload));
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.alloc(8 * 16 * 3, 0);
    frames.fill(255, 0, 8 * 8 * 3);
    const animation = await sharp(frames, {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const image = await renderAvatar(animation);
    expect((await sharp(image).metadata()).pages ?? 1).toBe(1);
    expect((await pixel(image, 5, 5))[0]).toBeGreaterThan(200);
  });

  it('refuses a decompression bomb before it unpacks it', async () => {
    const bomb = await plain(12_000, 12_000).png().toBuffer();
    expect(bomb.length).toBeLessThan(AVATAR_MAX_BYTES);
    const before = process.memoryUsage().rss;
    await expect(renderAvatar(bomb)).rejects.toMatchObject({ code: 'image_invalid' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
    ['the first bytes of a PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('refuses %s', async (_name, upload) => {
    await expect(renderAvatar(upload)).rejects.toMatchObject({ code: 'image_invalid' });
  });

  it('refuses TIFF, which has a decoder that is not allowed', async () => {
    const tiff = await plain(10, 10).tiff().toBuffer();
    await expect(renderAvatar(tiff)).rejects.toMatchObject({ code: 'image_invalid' });
  });

  it.each(['png', 'jpeg', 'webp'] as const)('refuses half a %s', async (type) => {
    const noise = sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: RED,
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    });
    const whole = await noise.toFormat(type).toBuffer();
    const half = whole.subarray(0, whole.length / 2);
    await expect(renderAvatar(half)).rejects.toMatchObject({ code: 'image_invalid' });
  });
});
