import { IDEMPOTENCY_HEADER, ProblemDetails } from '@primetrade/contracts';
import type { z } from 'zod';

/** The API refused a request; the code says why. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    title: string,
  ) {
    super(title);
  }
}

/** Calls the public API as any client does. */
export class Api {
  private accessToken: string | undefined;

  /** @param origin where the server listens, without a slash at the end */
  constructor(private readonly origin: string) {}

  /** From now on, calls are made with this access token. */
  signIn(accessToken: string): void {
    this.accessToken = accessToken;
  }

  /** @throws ApiError */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.call(path, { method: 'GET' }, schema);
  }

  /**
   * @param key a repeat with the same key returns the first result
   * @throws ApiError
   */
  post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
    key: string,
  ): Promise<z.output<Schema>> {
    return this.call(
      path,
      {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', [IDEMPOTENCY_HEADER]: key },
      },
      schema,
    );
  }

  private async call<Schema extends z.ZodType>(
    path: string,
    init: RequestInit,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await fetch(`${this.origin}${path}`, {
      ...init,
      headers: {
        ...init.headers,
        ...(this.accessToken !== undefined && { authorization: `Bearer ${this.accessToken}` }),
      },
    });
    const body: unknown = await response.json();
    if (response.ok) return schema.parse(body);
    const problem = ProblemDetails.safeParse(body);
    throw problem.success
      ? new ApiError(problem.data.code, problem.data.title)
      : new ApiError('unknown', `HTTP ${response.status}`);
  }
}
