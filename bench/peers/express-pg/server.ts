import express, { type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { profileOf, signIn } from '../common/accounts.js';
import { openPool, required } from '../common/database.js';
import { createTask, InvalidCursor, pageOfTasks } from '../common/tasks.js';
import { userOf } from '../common/tokens.js';

const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(1024).optional(),
});

const NewTask = z.object({
  title: z.string().trim().min(1).max(500),
  description: z.string().max(16_383).default(''),
  status: z.enum(['todo', 'in_progress', 'done']).default('todo'),
  priority: z.enum(['none', 'low', 'medium', 'high', 'urgent']).default('none'),
  dueAt: z.iso.datetime({ offset: true }).nullable().default(null),
  projectId: z.uuid().nullable().default(null),
});

const Credentials = z.object({
  email: z
    .email()
    .max(254)
    .transform((email) => email.toLowerCase()),
  password: z.string().min(1).max(128),
});

const pool = openPool();
const app = express();
app.disable('x-powered-by');
// PrimeTrade's Fastify peer sends none either, and hashing each page costs time.
app.disable('etag');
app.use(express.json());

async function requireUser(request: Request, response: Response, next: NextFunction) {
  const userId = await userOf(request.headers.authorization);
  if (userId === undefined) {
    response.status(401).json({ error: 'unauthenticated' });
    return;
  }
  response.locals['userId'] = userId;
  next();
}

const userIdOf = (response: Response) => response.locals['userId'] as string;

app.get('/api/v1/tasks', requireUser, async (request, response) => {
  const { limit, cursor } = PageQuery.parse(request.query);
  response.type('json').send(await pageOfTasks(pool, userIdOf(response), limit, cursor));
});

app.post('/api/v1/tasks', requireUser, async (request, response) => {
  const task = await createTask(pool, userIdOf(response), NewTask.parse(request.body));
  response.status(201).type('json').send(task);
});

app.get('/api/v1/profile', requireUser, async (_request, response) => {
  const profile = await profileOf(pool, userIdOf(response));
  if (profile === undefined) response.status(404).json({ error: 'not_found' });
  else response.type('json').send(profile);
});

app.post('/api/v1/auth/login', async (request, response) => {
  const { email, password } = Credentials.parse(request.body);
  const session = await signIn(pool, email, password, {
    ip: request.ip ?? '',
    userAgent: request.headers['user-agent'] ?? null,
  });
  if (session === undefined) {
    response.status(401).json({ error: 'invalid_credentials' });
    return;
  }
  response
    .cookie('refresh', session.refreshToken, {
      path: '/api/v1/auth',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
    })
    .set('cache-control', 'no-store')
    .json(session.body);
});

app.get('/ready', async (_request, response) => {
  await pool.query('SELECT 1');
  response.json({ status: 'ok' });
});

// Express tells error handlers by their four parameters.
app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  const bad = error instanceof z.ZodError || error instanceof InvalidCursor;
  const status = bad ? 400 : ((error as { status?: number }).status ?? 500);
  if (status >= 500) console.error(error);
  response.status(status).json({ error: status >= 500 ? 'internal' : 'bad_request' });
});

const server = app.listen(Number(required('PORT')), '127.0.0.1');
server.keepAliveTimeout = 75_000;

process.once('SIGTERM', () => {
  server.close(() => void pool.end());
  server.closeIdleConnections();
});
