import { z } from 'zod';
import { Client } from './api.js';

const Operation = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header', 'cookie']) }))
    .default([]),
});
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
const Document = z.object({
  openapi: z.string().startsWith('3.'),
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), Operation)),
});

export interface DocumentedRoute {
  /** `GET /api/v1/tasks/{id}` */
  name: string;
  /** Names of the parameters in the query. */
  query: string[];
}

/** Every route that the running PrimeTrade says it has. */
export async function documentedRoutes(): Promise<DocumentedRoute[]> {
  const { paths } = await new Client().get(Document, '/api/openapi.json');
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    })),
  );
}
