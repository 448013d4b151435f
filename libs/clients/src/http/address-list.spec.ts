import { addressList } from './address-list.js';

describe('addressList', () => {
  it('reads addresses separated by commas', () => {
    expect(addressList().parse('http://auth-1:4001, https://auth.example.org/')).toEqual([
      'http://auth-1:4001',
      'https://auth.example.org',
    ]);
  });

  it.each(['', 'auth:4001', 'http://', 'ftp://auth', 'http://auth/api', 'http://a,,http://b'])(
    'refuses %j and prints nothing of it',
    (text) => {
      const { success, error } = addressList().safeParse(text);
      expect(success).toBe(false);
      expect(error?.issues[0]?.message).toMatch(/^must be one or more addresses/);
    },
  );
});
