import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NextResponse, type NextRequest } from 'next/server';
import { contentSecurityPolicy, type InlineSourcesByPage } from './lib/content-security-policy';

let inlineSources: InlineSourcesByPage | undefined;

/** What scripts/build.mjs found; server.js runs in the app's own folder. */
function builtInlineSources(): InlineSourcesByPage {
  inlineSources ??= JSON.parse(
    readFileSync(join(process.cwd(), '.next', 'csp.json'), 'utf8'),
  ) as InlineSourcesByPage;
  return inlineSources;
}

/**
 * Gives each page the Content-Security-Policy that allows its own inline scripts and no others, and
 * lets caches ask for it again: Next would let shared ones keep it for a year, which no release reaches.
 */
export function proxy(request: NextRequest): NextResponse {
  const response = NextResponse.next();
  // The development server evaluates code and injects scripts that no build has seen.
  if (process.env.NODE_ENV === 'production') {
    response.headers.set(
      'Content-Security-Policy',
      contentSecurityPolicy(request.nextUrl.pathname, builtInlineSources()),
    );
    // Not no-cache: Next takes what is set here for the request's as well, and would never answer 304.
    response.headers.set('Cache-Control', 'public, max-age=0, must-revalidate');
  }
  return response;
}

export const config = { matcher: '/((?!_next/static|health$|ready$).*)' };
