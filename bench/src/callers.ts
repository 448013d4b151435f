import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type BenchUser, PASSWORD } from './fill.js';

/** Someone who is signed in. */
export interface Caller extends BenchUser {
  accessToken: string;
}

/** As many sign-ins at a time as PrimeTrade hashes passwords. */
const SIGN_INS_AT_ONCE = 4;

/** A key for the peers' access tokens, as a JWK. */
export async function makeSigningJwk(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return JSON.stringify(await exportJWK(privateKey));
}

/** Signs everyone in to PrimeTrade, over its API. */
export async function signInAll(url: string, users: readonly BenchUser[]): Promise<Caller[]> {
  const callers: Caller[] = [];
  const waiting = users.values();
  const worker = async () => {
    for (const user of waiting) {
      const response = await fetch(`${url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: user.email, password: PASSWORD }),
      });
      if (!response.ok) {
        throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
      }
      const { accessToken } = (await response.json()) as { accessToken: string };
      callers.push({ ...user, accessToken });
    }
  };
  await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, worker));
  return callers;
}

/** Access tokens that the peers accept. */
export async function mintAll(jwk: string, users: readonly BenchUser[]): Promise<Caller[]> {
  const key = await importJWK(JSON.parse(jwk) as JWK, 'EdDSA');
  return Promise.all(
    users.map(async (user) => ({
      ...user,
      accessToken: await new SignJWT({ sid: user.id })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer('bench')
        .setAudience('bench')
        .setSubject(user.id)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(key),
    })),
  );
}
