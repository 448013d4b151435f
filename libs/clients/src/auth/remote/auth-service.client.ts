import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { ServiceClient } from '../../http/service-client.js';

/**
 * Longest wait for what is asked about a caller before the call itself begins: a service that hangs
 * must not hold up the others for long.
 */
export const VERIFICATION_MS = 1_500;

/** Calls the auth service. */
@Injectable()
export class AuthServiceClient extends ServiceClient implements OnApplicationShutdown {
  onApplicationShutdown(): void {
    this.close();
  }
}
