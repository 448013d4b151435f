/**
 * Writes the configuration as templates for the image, without and with TLS:
 *
 *   node compose/nginx/image.mjs FOLDER
 *
 * The image's entrypoint fills them in when it starts, from what settings.envsh reads.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from './render.mjs';

const options = {
  listen: 8080,
  folder: '/tmp',
  accessLog: '/dev/stdout',
  staticFolder: '/srv/static',
  workers: '${EDGE_WORKERS}',
  webs: ['${EDGE_WEB}'],
  gateways: ['${EDGE_GATEWAY}'],
  resolver: '${EDGE_RESOLVER}',
  bodyLimitBytes: '${EDGE_BODY_LIMIT_BYTES}',
  rateLimit: { perSecond: '${EDGE_RATE_PER_SECOND}', burst: '${EDGE_RATE_BURST}' },
  trustedDirectives: { realIp: '${EDGE_REAL_IP}', geo: '${EDGE_GEO}' },
};
const tls = { listen: 8443, certificate: '/run/tls/tls.crt', key: '/run/tls/tls.key' };

const target = process.argv[2];
if (target === undefined) {
  process.stderr.write('usage: node compose/nginx/image.mjs FOLDER\n');
  process.exit(1);
}
for (const [name, text] of [
  ['http', render(options)],
  ['https', render({ ...options, tls })],
]) {
  mkdirSync(join(target, name), { recursive: true });
  writeFileSync(join(target, name, 'nginx.conf.template'), text);
}
