import { readFileSync } from 'node:fs';
import { ProblemDetails, routeOf, type ServiceName } from '@primetrade/contracts';
import { FakeAuth } from '../testing/fake-auth.js';
import { FakeService } from '../testing/fake-service.js';
import { startGateway } from '../testing/test-gateway.js';

interface Document {
  paths: Record<string, unknown>;
  components: { schemas: Record<string, unknown> };
}

const committed = JSON.parse(
  readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
) as Document;

/** What one service says of itself: its paths, and the schemas that these refer to. */
function part(service: ServiceName): Document {
  const paths = Object.fromEntries(
    Object.entries(committed.paths).filter(
      ([path]) => (routeOf(path)?.service ?? service) === service,
    ),
  );
  const schemas: Record<string, unknown> = {};
  const collect = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (name! in schemas) continue;
      schemas[name!] = committed.components.schemas[name!];
      collect(schemas[name!]);
    }
  };
  collect(paths);
  return { ...committed, paths, components: { ...committed.components, schemas } };
}

it('the documents of the services become the one of the whole API', async () => {
  const auth = await FakeAuth.start();
  const [tasks, profile] = [await FakeService.start(), await FakeService.start()];
  const serve = (service: FakeService, document: Document) => {
    const { behave } = service;
    service.behave = (request, response) => {
      if (request.url === '/api/openapi.json') response.end(JSON.stringify(document));
      else behave(request, response);
    };
  };
  serve(auth.service, part('auth'));
  serve(tasks, part('tasks'));
  const gateway = await startGateway({
    AUTH_URL: auth.service.url,
    TASKS_URL: tasks.url,
    PROFILE_URL: profile.url,
  });

  profile.behave = (_request, response) => response.writeHead(500).end();
  const missing = await fetch(`${gateway.url}/api/openapi.json`);
  expect(missing.status).toBe(503);
  expect(ProblemDetails.parse(await missing.json()).detail).toMatch(
    /^The profile service does not say/,
  );

  serve(profile, part('profile'));
  const count = tasks.requests.length;
  const all = await Promise.all(
    Array.from({ length: 5 }, async () => (await fetch(`${gateway.url}/api/openapi.json`)).json()),
  );
  for (const document of all) expect(document).toEqual(committed);
  expect(tasks.requests).toHaveLength(count + 1);

  const page = await fetch(`${gateway.url}/api/docs`);
  expect(page.status).toBe(200);
  const script = await (await fetch(`${gateway.url}/api/docs/swagger-ui-init.js`)).text();
  expect(script).toContain('/api/v1/tasks/{id}');
  expect(await (await fetch(`${gateway.url}/api/openapi.yaml`)).text()).toContain('/api/v1/labels');

  await gateway.close();
  await Promise.all([auth.service.stop(), tasks.stop(), profile.stop()]);
});
