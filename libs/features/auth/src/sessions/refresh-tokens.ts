import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKeys } from '../crypto/secret-keys.js';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const TAG_BYTES = 16;
const TOKEN_BYTES = 2 * ID_BYTES + SECRET_BYTES + TAG_BYTES;

/** Whose token it is. */
export interface TokenFamily {
  userId: string;
  sessionId: string;
}

/**
 * Refresh tokens: user and session id, 256 bits of secret and a tag, in base64url.
 *
 * The tag proves that the server made the token, without a list of all that were ever made: only
 * such a token can be an old one that somebody uses again. A token's child is computed from it by
 * a key of the server, so that it can be handed out twice although only its digest is stored.
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly keys: SecretKeys) {}

  /** The first token of a session. */
  first(family: TokenFamily): string {
    return this.compose(family, randomBytes(SECRET_BYTES));
  }

  /** The one token that follows another. */
  child(family: TokenFamily, token: string): string {
    return this.compose(family, this.keys.mac('refresh-child', token));
  }

  /** @returns undefined when this server did not make it */
  read(token: string): TokenFamily | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // The decoder skips what is no base64url, so that many texts stand for the same bytes.
    if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) return undefined;
    const body = bytes.subarray(0, -TAG_BYTES);
    if (!timingSafeEqual(bytes.subarray(-TAG_BYTES), this.tag(body))) return undefined;
    return {
      userId: toUuid(body.subarray(0, ID_BYTES)),
      sessionId: toUuid(body.subarray(ID_BYTES, 2 * ID_BYTES)),
    };
  }

  private compose(family: TokenFamily, secret: Buffer): string {
    const body = Buffer.concat([fromUuid(family.userId), fromUuid(family.sessionId), secret]);
    return Buffer.concat([body, this.tag(body)]).toString('base64url');
  }

  private tag(body: Buffer): Buffer {
    return this.keys.mac('refresh-family', body).subarray(0, TAG_BYTES);
  }
}

function fromUuid(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function toUuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
