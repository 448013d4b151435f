import type { Request } from 'autocannon';
import type { Caller } from './callers.js';
import { PASSWORD } from './fill.js';

export interface Scenario {
  id: string;
  title: string;
  /** Requests in flight. */
  connections: number;
  /** The status of a good answer. */
  status: number;
  /** Whether everyone's answer is asked for once before measuring, so that caches are full. */
  warmEveryone: boolean;
  /** The request of one caller. */
  request(api: string, caller: Caller): Request;
}

const bearer = (caller: Caller) => ({ authorization: `Bearer ${caller.accessToken}` });
const json = { 'content-type': 'application/json' };

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'page',
    title: 'Page of 20 tasks',
    connections: 32,
    status: 200,
    warmEveryone: true,
    request: (api, caller) => ({ method: 'GET', path: `${api}/tasks`, headers: bearer(caller) }),
  },
  {
    id: 'profile',
    title: 'Profile, cached',
    connections: 32,
    status: 200,
    warmEveryone: true,
    request: (api, caller) => ({ method: 'GET', path: `${api}/profile`, headers: bearer(caller) }),
  },
  {
    id: 'create',
    title: 'Create a task',
    connections: 32,
    status: 201,
    warmEveryone: false,
    request: (api, caller) => ({
      method: 'POST',
      path: `${api}/tasks`,
      headers: { ...bearer(caller), ...json },
      body: JSON.stringify({
        title: 'Call the garage about the winter tyres',
        description: 'They close at six; ask for the same ones as last year.',
        priority: 'medium',
        dueAt: '2030-10-28T15:00:00.000Z',
      }),
    }),
  },
  {
    id: 'sign-in',
    title: 'Sign in',
    connections: 8,
    status: 200,
    warmEveryone: false,
    request: (api, caller) => ({
      method: 'POST',
      path: `${api}/auth/login`,
      headers: json,
      body: JSON.stringify({ email: caller.email, password: PASSWORD }),
    }),
  },
];
