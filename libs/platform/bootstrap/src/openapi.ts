import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDetails } from '@primetrade/contracts';
import { z } from 'zod';

/** An OpenAPI document. */
export type ApiDocument = OpenAPIObject;

/** Swagger wants a document before anyone asks for one. */
const EMPTY: ApiDocument = { openapi: '3.0.0', info: { title: '', version: '' }, paths: {} };

const IDEMPOTENCY_PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'A repeat with the same key within 48 hours returns the first result.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};

const PROBLEM_RESPONSE = {
  description: 'Problem details (RFC 9457); docs/errors.md lists the codes.',
  content: {
    'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } },
  },
};

/** The OpenAPI document of a running app, with what all its routes have in common. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('PrimeTrade API')
      .setDescription('Tasks, projects, labels, profiles and accounts.')
      .setVersion('1')
      .addBearerAuth({
        type: 'http',
        scheme: 'bearer',
        description: 'An access token or an API token.',
      })
      .build(),
  );
  const { $schema: _, ...problem } = z.toJSONSchema(ProblemDetails, { target: 'openapi-3.0' });
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas['ProblemDetails'] = problem as SchemaObject;
  for (const path of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(path as Record<string, Operation>)) {
      if (method === 'post') (operation.parameters ??= []).push(IDEMPOTENCY_PARAMETER);
      operation.responses['default'] ??= PROBLEM_RESPONSE;
    }
  }
  return document;
}

type SchemaObject = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

interface Operation {
  parameters?: { name: string }[];
  responses: Record<string, unknown>;
}

/**
 * Serves /api/openapi.json, and /api/docs where people come.
 *
 * @param document is asked for with each request
 * @param people whether they do; the page takes memory that other processes need not spend
 */
export function serveApiDocs(
  app: NestFastifyApplication,
  document: () => Promise<ApiDocument>,
  people: boolean,
): void {
  SwaggerModule.setup('api/docs', app, EMPTY, {
    ui: people,
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'PrimeTrade API',
    patchDocumentOnRequest: document,
  });
}
