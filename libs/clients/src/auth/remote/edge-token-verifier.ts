import { Injectable } from '@nestjs/common';
import type { AccessClaims } from '../access/access-token-reader.js';
import { RemoteTokenVerifier } from './remote-token-verifier.js';

/**
 * For a process that counts callers and passes their tokens on to services that verify them too. It
 * asks nobody whether a session lasts: a session that has ended is refused here where this process
 * has heard of its end, and by the service in any case.
 */
@Injectable()
export class EdgeTokenVerifier extends RemoteTokenVerifier {
  protected override async lasts({ sid }: AccessClaims): Promise<boolean> {
    return !this.sessions.hasEnded(sid);
  }
}
