import { API_TOKEN_PREFIX, type Principal, TokenVerifier } from '@primetrade/clients';
import { Id, Scope } from '@primetrade/contracts';

/** Authorization header of a signed-in person. */
export const session = (userId: string) => ({ authorization: `Bearer ${userId}` });

/** Authorization header of a person's API token. */
export const apiToken = (userId: string, ...scopes: Scope[]) => ({
  authorization: `Bearer ${API_TOKEN_PREFIX}${userId}/${scopes.join(',')}`,
});

/** Believes every token: who it is for is all that it says. */
export class TrustingVerifier extends TokenVerifier {
  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    if (!Id.safeParse(token).success) return undefined;
    return { userId: token, role: 'user', sessionId: token, scopes: null };
  }

  override async verifyApiToken(token: string): Promise<Principal | undefined> {
    const [userId, scopes] = token.slice(API_TOKEN_PREFIX.length).split('/') as [string, string];
    const list = scopes.split(',').map((scope) => Scope.parse(scope));
    return { userId, role: 'user', sessionId: null, scopes: list };
  }
}
