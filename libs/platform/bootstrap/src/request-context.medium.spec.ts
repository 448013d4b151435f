import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, Module, Post, StreamableFile } from '@nestjs/common';
import { remainingMs } from '@primetrade/platform-request-context';
import { startTestApp, type TestApp } from '@primetrade/testing';

const TIMEOUT_MS = 500;

async function* pieces() {
  yield 'first ';
  await delay(1);
  yield String(remainingMs(-1));
}

@Controller('api/v1/time')
class TimeController {
  @Get('stream')
  stream() {
    return new StreamableFile(Readable.from(pieces(), { objectMode: false }));
  }

  @Post()
  left(@Body() _body: unknown) {
    return { left: remainingMs(-1) };
  }
}

@Module({ controllers: [TimeController] })
class TimeModule {}

describe('the time that a request has', () => {
  let test: TestApp;
  beforeAll(async () => {
    const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };
    const env = { REQUEST_TIMEOUT_MS: `${TIMEOUT_MS}` };
    test = await startTestApp(TimeModule, [], env, nowhere);
  });
  afterAll(() => test.close());

  it('has no end once the answer streams', async () => {
    const response = await fetch(`${test.url}/api/v1/time/stream`);
    expect(await response.text()).toBe('first Infinity');
  });

  it('begins when all of the request is there', async () => {
    const { hostname, port } = new URL(test.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/v1/time HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{',
    );
    await delay(TIMEOUT_MS + 100);
    socket.write('}');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(socket, 'close');
    const { left } = JSON.parse(/\{.*\}/.exec(answer)![0]) as { left: number };
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(TIMEOUT_MS);
  });
});
