import { Client } from './api.js';
import { TASKS } from './tasks.js';
import type { Person } from './users.js';

/**
 * What a person does all day: reads, writes, and looks for what they have just written.
 *
 * @param origin where PrimeTrade answers
 * @returns what did not go as it should, and the 95th percentile of the answers in milliseconds
 */
export async function aDay(
  origin: string,
  person: Person,
): Promise<{ complaints: string[]; p95: number }> {
  const complaints: string[] = [];
  const times: number[] = [];
  const send = async (client: Client, ...request: Parameters<Client['send']>) => {
    const started = performance.now();
    const reply = await client.send(...request);
    times.push(performance.now() - started);
    const [method, path] = request;
    if (reply.status >= 400) complaints.push(`${method} ${path} answered ${reply.status}`);
    return reply;
  };
  const { client } = person;
  for (let n = 0; n < 20; n += 1) {
    await send(client, 'GET', '/api/v1/profile');
    await send(client, 'GET', TASKS);
    await send(client, 'PATCH', '/api/v1/profile', { json: { bio: `${n}` } });
    const seen = await send(client, 'GET', '/api/v1/profile');
    if (!seen.text.includes(`"bio":"${n}"`)) complaints.push('an own write was not seen');
    await send(client, 'POST', TASKS, { json: { title: `day ${n}` } });
    const list = await send(client, 'GET', TASKS);
    if (!list.text.includes(`"title":"day ${n}"`)) complaints.push('an own task was not seen');
  }
  await send(client, 'POST', '/api/v1/auth/refresh');
  await send(new Client(undefined, undefined, origin), 'GET', '/health');
  times.sort((a, b) => a - b);
  return { complaints, p95: times[Math.floor(times.length * 0.95)]! };
}
