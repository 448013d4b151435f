import type { Role, Scope } from '@primetrade/contracts';

/** Who sent a request, as its verified token says. */
export interface Principal {
  userId: string;
  role: Role;
  /** Set when the caller signed in; null for an API token. */
  sessionId: string | null;
  /** What an API token may do; null for a session, which may do everything of its role. */
  scopes: readonly Scope[] | null;
}

/** The port by which every service learns who a caller is. */
export abstract class TokenVerifier {
  /**
   * @param token the access token of a session, a signed JWT
   * @returns undefined when it is not valid, expired or its session was ended
   */
  abstract verifyAccessToken(token: string): Promise<Principal | undefined>;

  /**
   * @param token as shown once when it was created
   * @returns undefined when it is unknown, expired or revoked
   */
  abstract verifyApiToken(token: string): Promise<Principal | undefined>;
}

/** What API tokens begin with, so that people and secret scanners recognise them. */
export const API_TOKEN_PREFIX = 'pt_';
