import { randomUUID } from 'node:crypto';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE } from '@primetrade/clients';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { FakeService } from './fake-service.js';

/** The auth service as far as the gateway needs it: keys, sessions that all last, API tokens. */
export class FakeAuth {
  /** The one API token that is valid. */
  static readonly API_TOKEN = 'pt_valid';
  /** Whose it is. */
  readonly owner = randomUUID();

  private constructor(
    readonly service: FakeService,
    private readonly key: CryptoKey,
  ) {}

  static async start(port?: number): Promise<FakeAuth> {
    const { publicKey, privateKey } = await generateKeyPair(ACCESS_TOKEN_ALGORITHM);
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: ACCESS_TOKEN_ALGORITHM };
    const service = await FakeService.start(port);
    const auth = new FakeAuth(service, privateKey);
    const { behave } = service;
    service.behave = (request, response) => {
      const answer = (body: unknown) => {
        request.resume();
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      };
      if (request.url === '/.well-known/jwks.json') return answer({ keys: [jwk] });
      if (/\/sessions\//.test(request.url!)) return answer({ live: true });
      if (!request.url!.endsWith('/api-tokens/verify')) return behave(request, response);
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { token } = JSON.parse(text) as { token: string };
        const principal = { userId: auth.owner, role: 'user', scopes: ['tasks:read'] };
        answer({ principal: token === FakeAuth.API_TOKEN ? principal : null });
      });
    };
    return auth;
  }

  /** An access token as auth signs them. */
  token(userId: string): Promise<string> {
    return new SignJWT({ sid: randomUUID(), role: 'user' })
      .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid: 'one' })
      .setSubject(userId)
      .setIssuer('primetrade')
      .setAudience('primetrade-api')
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.key);
  }
}
