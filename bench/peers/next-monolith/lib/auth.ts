import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { HttpError } from './errors';

const LIFETIME_SECONDS = 900;
const BELIEVED_MS = 30_000;

let keys: Promise<{ sign: CryptoKey | Uint8Array; verify: CryptoKey | Uint8Array }> | undefined;

/** Read when first needed: a build has no key. */
function signingKeys() {
  keys ??= (async () => {
    const jwk = JSON.parse(process.env.SIGNING_JWK!) as JWK;
    const { d: _private, ...publicJwk } = jwk;
    return { sign: await importJWK(jwk, 'EdDSA'), verify: await importJWK(publicJwk, 'EdDSA') };
  })();
  return keys;
}

/** What tokens were found to say; checking a signature costs more than the rest of a request. */
const verified = new LRUCache<string, { userId: string; expiresAt: number }>({
  max: 10_000,
  ttl: BELIEVED_MS,
});

/** @throws HttpError 401 without a valid token */
export async function requireAuth(request: Request): Promise<{ userId: string }> {
  const header = request.headers.get('authorization');
  if (header === null || !header.startsWith('Bearer ')) throw new HttpError(401, 'unauthenticated');
  const token = header.slice(7);
  const known = verified.get(token);
  if (known !== undefined && known.expiresAt > Date.now()) return known;
  try {
    const { payload } = await jwtVerify(token, (await signingKeys()).verify, {
      algorithms: ['EdDSA'],
      issuer: 'bench',
      audience: 'bench',
      requiredClaims: ['sub', 'exp'],
    });
    const user = { userId: payload.sub!, expiresAt: payload.exp! * 1000 };
    verified.set(token, user);
    return user;
  } catch {
    throw new HttpError(401, 'unauthenticated');
  }
}

/** A signed access token and its lifetime in seconds. */
export async function issueToken(userId: string, sessionId: string) {
  const accessToken = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('bench')
    .setAudience('bench')
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign((await signingKeys()).sign);
  return { accessToken, expiresIn: LIFETIME_SECONDS };
}
