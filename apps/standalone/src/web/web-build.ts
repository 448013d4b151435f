import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartupError } from '../process/startup-error.js';

/** Where the built web app is. */
export interface WebBuild {
  /** Next's own server. */
  server: string;
  /** Files whose names change with their content, below /_next/static/. */
  staticFiles: string;
  /** Files served at the root of the site. */
  publicFiles: string;
}

/**
 * Finds the web app's standalone build.
 *
 * @throws StartupError when it has not been built
 */
export function findWebBuild(): WebBuild {
  const web = dirname(createRequire(import.meta.url).resolve('@primetrade/web/package.json'));
  const root = join(web, '.next/standalone/apps/web');
  const server = join(root, 'server.js');
  if (!existsSync(server)) {
    throw new StartupError(
      `The web app is not built (${server} is missing): run \`npm start\`, or \`npm run build\`.`,
    );
  }
  return { server, staticFiles: join(root, '.next/static'), publicFiles: join(root, 'public') };
}
