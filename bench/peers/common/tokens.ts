import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { required } from './database.js';

const ALGORITHM = 'EdDSA';
const LIFETIME_SECONDS = 900;
const BELIEVED_MS = 30_000;

const jwk = JSON.parse(required('SIGNING_JWK')) as JWK;
const { d: _private, ...publicJwk } = jwk;
const signingKey = await importJWK(jwk, ALGORITHM);
const verificationKey = await importJWK(publicJwk, ALGORITHM);

/** What tokens were found to say; checking a signature costs more than the rest of a request. */
const verified = new LRUCache<string, { userId: string; expiresAt: number }>({
  max: 10_000,
  ttl: BELIEVED_MS,
});

/**
 * @param header an Authorization header
 * @returns the id of the user, or undefined when there is no valid token
 */
export async function userOf(header: string | undefined): Promise<string | undefined> {
  if (!header?.startsWith('Bearer ')) return undefined;
  const token = header.slice(7);
  const known = verified.get(token);
  if (known !== undefined) return known.expiresAt > Date.now() ? known.userId : undefined;
  try {
    const { payload } = await jwtVerify(token, verificationKey, {
      algorithms: [ALGORITHM],
      issuer: 'bench',
      audience: 'bench',
      requiredClaims: ['sub', 'exp'],
    });
    verified.set(token, { userId: payload.sub!, expiresAt: payload.exp! * 1000 });
    return payload.sub;
  } catch {
    return undefined;
  }
}

/** A signed access token and its lifetime in seconds. */
export async function issueToken(
  userId: string,
  sessionId: string,
): Promise<{ accessToken: string; expiresIn: number }> {
  const accessToken = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer('bench')
    .setAudience('bench')
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(signingKey);
  return { accessToken, expiresIn: LIFETIME_SECONDS };
}
