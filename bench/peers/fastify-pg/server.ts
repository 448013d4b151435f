import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import { profileOf, signIn } from '../common/accounts.js';
import { openPool, required } from '../common/database.js';
import { createTask, InvalidCursor, type NewTask, pageOfTasks } from '../common/tasks.js';
import { userOf } from '../common/tokens.js';

declare module 'fastify' {
  interface FastifyRequest {
    userId: string;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

const PAGE_SCHEMA = {
  querystring: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      cursor: { type: 'string', minLength: 1, maxLength: 1024 },
    },
  },
};

const TASK_SCHEMA = {
  body: {
    type: 'object',
    required: ['title'],
    properties: {
      title: { type: 'string', minLength: 1, maxLength: 500 },
      description: { type: 'string', maxLength: 16_383, default: '' },
      status: { enum: ['todo', 'in_progress', 'done'], default: 'todo' },
      priority: { enum: ['none', 'low', 'medium', 'high', 'urgent'], default: 'none' },
      dueAt: { type: ['string', 'null'], format: 'date-time', default: null },
      projectId: { type: ['string', 'null'], format: 'uuid', default: null },
    },
  },
};

const SIGN_IN_SCHEMA = {
  body: {
    type: 'object',
    required: ['email', 'password'],
    properties: {
      email: { type: 'string', format: 'email', maxLength: 254 },
      password: { type: 'string', minLength: 1, maxLength: 128 },
    },
  },
};

const pool = openPool();
const app = fastify();

app.decorateRequest('userId', '');

async function requireUser(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const userId = await userOf(request.headers.authorization);
  if (userId === undefined) await reply.code(401).send({ error: 'unauthenticated' });
  else request.userId = userId;
}

app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
  const status = error instanceof InvalidCursor ? 400 : (error.statusCode ?? 500);
  if (status >= 500) console.error(error);
  return reply.code(status).send({ error: status >= 500 ? 'internal' : error.message });
});

app.get<{ Querystring: { limit: number; cursor?: string } }>(
  '/api/v1/tasks',
  { schema: PAGE_SCHEMA, onRequest: requireUser },
  async (request, reply) => {
    reply.header('content-type', JSON_TYPE);
    return pageOfTasks(pool, request.userId, request.query.limit, request.query.cursor);
  },
);

app.post<{ Body: NewTask }>(
  '/api/v1/tasks',
  { schema: TASK_SCHEMA, onRequest: requireUser },
  async (request, reply) => {
    reply.code(201).header('content-type', JSON_TYPE);
    return createTask(pool, request.userId, request.body);
  },
);

app.get('/api/v1/profile', { onRequest: requireUser }, async (request, reply) => {
  const profile = await profileOf(pool, request.userId);
  if (profile === undefined) return reply.code(404).send({ error: 'not_found' });
  reply.header('content-type', JSON_TYPE);
  return profile;
});

app.post<{ Body: { email: string; password: string } }>(
  '/api/v1/auth/login',
  { schema: SIGN_IN_SCHEMA },
  async (request, reply) => {
    const { email, password } = request.body;
    const session = await signIn(pool, email.toLowerCase(), password, {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
    });
    if (session === undefined) return reply.code(401).send({ error: 'invalid_credentials' });
    return reply
      .header(
        'set-cookie',
        `refresh=${session.refreshToken}; Path=/api/v1/auth; HttpOnly; Secure; SameSite=Lax`,
      )
      .header('cache-control', 'no-store')
      .send(session.body);
  },
);

app.get('/ready', async () => {
  await pool.query('SELECT 1');
  return { status: 'ok' };
});

await app.listen({ port: Number(required('PORT')), host: '127.0.0.1' });

process.once('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
