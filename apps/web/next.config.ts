import { resolve } from 'node:path';
import type { NextConfig } from 'next';

const repositoryRoot = resolve(import.meta.dirname, '../..');
const isDevelopment = process.env.NODE_ENV === 'development';

/** Headers of every answer, files included. The Content-Security-Policy differs by page: proxy.ts. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Strict-Transport-Security', value: 'max-age=63072000; includeSubDomains' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
];

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  poweredByHeader: false,
  // Not every ingress does. Edges of ours ask for pages unpacked, and pack them better.
  compress: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  // `npm run typecheck` covers it; checking twice would only lengthen the first start.
  typescript: { ignoreBuildErrors: true },
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers: securityHeaders },
      {
        source: '/:path(health|ready)',
        headers: [
          {
            key: 'Content-Security-Policy',
            value: "default-src 'none'; frame-ancestors 'none'",
          },
        ],
      },
    ]),
  // `next dev` alone has no edge in front of it, so it passes API calls on.
  ...(isDevelopment && {
    rewrites: () =>
      Promise.resolve([
        {
          source: '/api/:path*',
          destination: `${process.env.API_URL ?? 'http://localhost:3000'}/api/:path*`,
        },
      ]),
  }),
};

export default config;
