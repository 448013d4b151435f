import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describeNginx, Edge, raw } from '../testing/edge.js';

describeNginx('files of the web app behind nginx', () => {
  let edge: Edge;
  let folder: string;
  let port: number;
  const get = async (path: string, encoding: string) => {
    const { status, headers, body } = await raw(port, `/_next/static/${path}`, {
      'accept-encoding': encoding,
    });
    return { status, headers, body };
  };

  beforeEach(async () => {
    edge = await Edge.open();
    folder = mkdtempSync(join(tmpdir(), 'primetrade-static-'));
    // For the workers of an nginx that root has started.
    execFileSync('chmod', ['755', folder]);
    mkdirSync(join(folder, 'chunks'));
    for (const [name, content] of [
      ['chunks/a.js', 'let plain;'],
      ['chunks/a.js.br', brotliCompressSync('let brotli;')],
      ['chunks/a.js.gz', gzipSync('let gzip;')],
      ['chunks/b.js', 'let alone;'],
      ['c.css', 'a{}'],
      ['icon.svg', '<svg/>'],
    ] as const) {
      writeFileSync(join(folder, name), content);
    }
    edge.closing.push(async () => rmSync(folder, { recursive: true }));
    port = (await edge.nginx({ staticFolder: folder })).port;
  });

  afterEach(() => edge.close());

  it.each([
    ['gzip, deflate, br', 'br'],
    ['br', 'br'],
    ['br;q=1.0, gzip;q=0.8', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['brx', undefined],
    ['identity', undefined],
    ['', undefined],
  ])('are sent to who accepts "%s" as %s', async (accepted, encoding) => {
    const { headers, body } = await get('chunks/a.js', accepted);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(headers['content-encoding']).toBe(encoding);
    if (encoding === 'gzip') expect(gunzipSync(body).toString()).toBe('let gzip;');
    if (encoding === undefined) expect(body.toString()).toBe('let plain;');
    if (encoding === 'br') expect(body).toEqual(brotliCompressSync('let brotli;'));
  });

  it('are sent as they are where no compressed one was made', async () => {
    const { headers, body } = await get('chunks/b.js', 'br, gzip');
    expect([headers['content-encoding'], body.toString()]).toEqual([undefined, 'let alone;']);
  });

  it('have the type of their name', async () => {
    const typeOf = async (path: string) => (await get(path, 'br')).headers['content-type'];
    expect(await typeOf('c.css')).toBe('text/css; charset=utf-8');
    expect(await typeOf('icon.svg')).toBe('image/svg+xml');
  });

  it('of another release come from the web servers', async () => {
    const { body } = await get('chunks/older.js', 'identity');
    expect(body.toString()).toContain('"by":"web"');
  });
});
