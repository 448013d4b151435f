import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { ServiceClient } from '../../http/service-client.js';

/** Calls the auth service. */
@Injectable()
export class AuthServiceClient extends ServiceClient implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
