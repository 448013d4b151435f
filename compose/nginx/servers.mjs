import { answerLocations, errorPages } from './answers.mjs';
import { indent } from './indent.mjs';

/** What the API takes at most: libs/contracts, which a test compares. */
export const UPLOADS = {
  '/api/v1/tasks/import': 20 * 1024 * 1024,
  '/api/v1/profile/avatar': 5 * 1024 * 1024,
};

/** Longer than the heartbeat of the events, 20 s. */
const EVENTS_TIMEOUT = '90s';

const PAGES = `proxy_pass http://web;
add_header X-Request-Id $edge_request_id always;`;

/** The `server` blocks: what is listened to, and what goes where. */
export function servers(options) {
  const plain = `listen ${options.listen} default_server;`;
  const { tls } = options;
  if (tls === undefined) return server(plain, site(options));
  const secure = `listen ${tls.listen} ssl default_server;
${options.resolver === undefined ? '' : 'http2 on;'}
ssl_certificate ${tls.certificate};
ssl_certificate_key ${tls.key};
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
ssl_prefer_server_ciphers off;
ssl_session_cache shared:tls:10m;
ssl_session_timeout 1d;
ssl_session_tickets off;`;
  const away = `location / {
    return 308 https://$host$request_uri;
}`;
  return `${server(plain, away)}\n${server(secure, site(options))}`;
}

function server(listen, locations) {
  return `server {
${indent(listen)}
    server_name _;
${indent(errorPages({ again: true }))}
    recursive_error_pages on;
    location = /nginx-health {
        access_log off;
        default_type text/plain;
        return 200 ok;
    }
${indent(locations)}
${indent(answerLocations())}
}`;
}

function site(options) {
  const { burst } = options.rateLimit;
  const api = (match, more = '') => `location ${match} {
    limit_req zone=api burst=${burst} nodelay;
    proxy_pass http://gateway;
${indent(more)}
}`;
  return `# An event is worth nothing in a buffer.
${api('= /api/v1/events', `proxy_buffering off;\ngzip off;\nproxy_read_timeout ${EVENTS_TIMEOUT};`)}
${Object.entries(UPLOADS)
  .map(([path, bytes]) =>
    // What was read of the body while it was passed on is not there a second time.
    api(
      `= ${path}`,
      `client_max_body_size ${bytes};\nproxy_request_buffering off;\n${errorPages({ again: false })}`,
    ),
  )
  .join('\n')}
${api('~ ^/(api|health|ready|\\.well-known)(/|$)')}
${staticFiles(options)}
location / {
${indent(PAGES)}
}
location @again_api {
    proxy_pass http://gateway;
    proxy_buffering off;
    proxy_read_timeout ${EVENTS_TIMEOUT};
${indent(errorPages({ again: false }))}
}
location @again_page {
${indent(PAGES)}
${indent(errorPages({ again: false }))}
}
location @web {
    proxy_pass http://web;
}`;
}

/**
 * Files whose names change with their content. They are compressed once, when they are built,
 * better than could be done for each request. What is not here belongs to another release.
 */
function staticFiles({ staticFolder }) {
  if (staticFolder === undefined) return '';
  const headers = `add_header Cache-Control 'public, max-age=31536000, immutable';
add_header X-Content-Type-Options nosniff;
add_header Cross-Origin-Resource-Policy same-origin;
add_header Vary Accept-Encoding;
gzip off;
gzip_vary off;
gzip_static on;
root ${staticFolder};`;
  const packed = (extension, type) => `location ~ ^/_next/static/(?<edge_file>.+\\.${extension})$ {
    types { ${type} ${extension} br; }
${indent(headers)}
    add_header Content-Encoding $edge_encoding;
    try_files /$edge_file$edge_brotli /$edge_file @web;
}`;
  return `${packed('js', 'text/javascript')}
${packed('css', 'text/css')}
location ~ ^/_next/static/(?<edge_file>.+)$ {
${indent(headers)}
    try_files /$edge_file @web;
}`;
}
