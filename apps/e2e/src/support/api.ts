import { randomUUID } from 'node:crypto';
import { ERROR_CODES, type ErrorCode, ProblemDetails } from '@primetrade/contracts';
import type { z } from 'zod';
import { BASE_URL } from './base-url.js';
import { CookieJar } from './cookies.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface SendOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  bytes: Buffer;
}

/**
 * One client of the API: a browser tab or a script, with its token and its cookies. Every answer
 * is checked against the contracts.
 */
export class Client {
  constructor(
    /** Sent as the bearer token, when there is one. */
    public token: string | undefined = undefined,
    readonly cookies = new CookieJar(),
    /** Where the API is. */
    readonly origin = BASE_URL,
  ) {}

  /** Sends a request and returns whatever comes back. */
  async send(method: Method, path: string, options: SendOptions = {}): Promise<Reply> {
    const headers = new Headers(options.headers);
    if (options.json !== undefined) headers.set('content-type', 'application/json');
    if (this.token !== undefined && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${this.token}`);
    }
    const cookie = this.cookies.header;
    if (cookie !== undefined && !headers.has('cookie')) headers.set('cookie', cookie);
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers,
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
      redirect: 'manual',
    });
    this.cookies.take(response.headers);
    const bytes = Buffer.from(await response.arrayBuffer());
    return {
      status: response.status,
      headers: response.headers,
      text: bytes.toString('utf8'),
      bytes,
    };
  }

  /** Sends a request that must succeed with this status, and no other. */
  async expect(
    status: number,
    method: Method,
    path: string,
    options: SendOptions = {},
  ): Promise<Reply> {
    const reply = await this.send(method, path, options);
    if (reply.status !== status) {
      throw new Error(
        `${method} ${path} answered ${reply.status} instead of ${status}: ${reply.text.slice(0, 500)}`,
      );
    }
    return reply;
  }

  /** GET of a resource; the answer is checked against its schema. */
  async get<T extends z.ZodType>(schema: T, path: string): Promise<z.output<T>> {
    return parse(schema, await this.expect(200, 'GET', path));
  }

  /** POST that answers with JSON. */
  async post<T extends z.ZodType>(
    schema: T,
    path: string,
    json: unknown = undefined,
    options: { status?: number; headers?: Record<string, string> } = {},
  ): Promise<z.output<T>> {
    const reply = await this.expect(options.status ?? 201, 'POST', path, {
      json,
      headers: { 'idempotency-key': randomUUID(), ...options.headers },
    });
    return parse(schema, reply);
  }

  async patch<T extends z.ZodType>(
    schema: T,
    path: string,
    json: unknown,
    headers: Record<string, string> = {},
  ): Promise<z.output<T>> {
    return parse(schema, await this.expect(200, 'PATCH', path, { json, headers }));
  }

  /** DELETE that answers 204. */
  async remove(path: string, options: SendOptions = {}): Promise<Reply> {
    return this.expect(204, 'DELETE', path, options);
  }

  /** Sends a request that must fail with this error; returns the problem. */
  async fails(
    code: ErrorCode,
    method: Method,
    path: string,
    options: SendOptions = {},
  ): Promise<ProblemDetails & { headers: Headers }> {
    const reply = await this.send(method, path, options);
    if (reply.status < 400) {
      throw new Error(`${method} ${path} answered ${reply.status} instead of ${code}`);
    }
    const problem = problemOf(reply);
    if (problem.code !== code) {
      throw new Error(`${method} ${path} answered ${reply.text} instead of ${code}`);
    }
    return { ...problem, headers: reply.headers };
  }
}

/** The JSON of an answer, checked against its schema. */
export function parse<T extends z.ZodType>(schema: T, reply: Reply): z.output<T> {
  return schema.parse(JSON.parse(reply.text));
}

/**
 * The problem details of a refused request.
 *
 * @throws when the answer is not a complete problem document with a documented code and its status
 */
export function problemOf(reply: Reply): ProblemDetails {
  const type = reply.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) {
    throw new Error(
      `not a problem document but ${type}: ${reply.status} ${reply.text.slice(0, 300)}`,
    );
  }
  const problem = parse(ProblemDetails, reply);
  const { status } = ERROR_CODES[problem.code];
  if (problem.status !== status || reply.status !== status) {
    throw new Error(
      `${problem.code} came with status ${reply.status}, ${problem.status} in the body`,
    );
  }
  return problem;
}
