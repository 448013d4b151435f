import { connect } from 'node:net';
import { ProblemDetails } from '@primetrade/contracts';
import { describeNginx, Edge, raw } from '../testing/edge.js';

describeNginx('nginx', () => {
  let edge: Edge;

  beforeEach(async () => {
    edge = await Edge.open();
  });

  afterEach(() => edge.close());

  it('answers as the API does where the path or the version of HTTP cannot be read', async () => {
    const { port } = await edge.nginx();
    for (const path of ['/api/v1/tasks/%', '/api/v1/tasks/%00', '/api/v1/tasks/%zz?x=1']) {
      const { status, body } = await raw(port, path, {});
      expect([path, status]).toEqual([path, 400]);
      expect(ProblemDetails.parse(JSON.parse(body.toString())).code).toBe('bad_request');
    }
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /health HTTP/9.9\r\n\r\n');
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1\.1 400 /);
  });
});
