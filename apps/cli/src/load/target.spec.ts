import { requireOwnHost } from './target.js';

const NAMES: Record<string, string[]> = {
  localhost: ['127.0.0.1', '::1'],
  'gateway.primetrade.svc': ['10.96.0.12'],
  'example.org': ['93.184.216.34'],
  'mixed.example': ['10.0.0.1', '93.184.216.34'],
};

async function resolve(host: string): Promise<string[]> {
  const addresses = NAMES[host];
  if (addresses === undefined) throw new Error('ENOTFOUND');
  return addresses;
}

const check = (url: string, allowed = false) => requireOwnHost(new URL(url), allowed, resolve);

describe('requireOwnHost', () => {
  it.each([
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://127.8.9.1',
    'http://[::1]:3000',
    'http://[::ffff:127.0.0.1]',
    'http://10.1.2.3',
    'http://172.31.0.1',
    'http://192.168.1.1',
    'http://[fd00::1]',
    'http://gateway.primetrade.svc',
  ])('lets %s be loaded', async (url) => {
    await expect(check(url)).resolves.toBeUndefined();
  });

  it.each([
    'http://8.8.8.8',
    'http://172.32.0.1',
    'http://[2606:2800:220:1::1]',
    'http://[::ffff:8.8.8.8]',
    'https://example.org',
    'http://mixed.example',
  ])('refuses %s', async (url) => {
    await expect(check(url)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching('--yes-i-may-load-this-host'),
    });
    await expect(check(url, true)).resolves.toBeUndefined();
  });

  it('names a host that nobody knows', async () => {
    await expect(check('http://nowhere.example')).rejects.toThrow('has no address');
  });
});
