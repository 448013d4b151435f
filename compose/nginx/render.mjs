/**
 * The configuration of nginx in front of PrimeTrade, one for the image and for a machine without
 * docker:
 *
 *   node compose/nginx/render.mjs --listen 8080 --web 127.0.0.1:3000 --gateway 127.0.0.1:4000
 *   nginx -e stderr -p FOLDER -c FILE
 *
 * docs/compose.md describes what it does, docs/decisions/0016-nginx.md why.
 */
import { parseArgs } from 'node:util';
import { unreachedMaps } from './answers.mjs';
import { indent } from './indent.mjs';
import { servers } from './servers.mjs';

/**
 * @typedef {object} EdgeOptions
 * @property {number} listen port for plain HTTP
 * @property {string} folder for the pid file, temporary files and, by default, the access log
 * @property {readonly string[]} webs `host:port` of each web server
 * @property {readonly string[]} gateways `host:port` of each gateway
 * @property {string} [staticFolder] the web app's `.next/static`, with `.br` and `.gz` beside the
 *   files; without it the web servers send them
 * @property {{ perSecond: number | string, burst: number | string }} rateLimit of the API, an address
 * @property {number | string} [bodyLimitBytes] of requests that are no uploads, as the API's
 *   BODY_LIMIT_BYTES
 * @property {string} [resolver] address of a name server; names are then looked up again and again
 *   (needs nginx 1.27.3). Without it webs and gateways are looked up once, at the start
 * @property {{ listen: number, certificate: string, key: string }} [tls] files; plain HTTP is then
 *   sent to https
 * @property {readonly string[]} [trustedProxies] addresses and ranges whose X-Forwarded-For and
 *   X-Forwarded-Proto count
 * @property {{ realIp: string, geo: string }} [trustedDirectives] the same as text, for the image
 * @property {string} [accessLog] file; by default in `folder`
 * @property {string} [workers] number of processes, or `auto`
 */

/** Of requests that are no uploads, as the API's own default. */
export const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** Longer than the gateway's 15 s, so that its answer arrives and not one of nginx. */
const API_TIMEOUT = '20s';

/**
 * @param {EdgeOptions} options
 * @returns {string} a complete nginx.conf
 */
export function render(options) {
  return `# Made by compose/nginx/render.mjs.
daemon off;
pid ${options.folder}/nginx.pid;
error_log stderr warn;
worker_processes ${options.workers ?? 'auto'};
# Nobody else answers meanwhile, and event streams never end by themselves.
worker_shutdown_timeout 5s;

events {
    # A proxied request takes two, and each an open file: the limit of those is the container's.
    worker_connections 16384;
    multi_accept on;
}

http {
${indent(http(options))}
}
`;
}

function http(options) {
  const { folder, rateLimit } = options;
  return `${temporaryFiles(folder)}
${types()}
server_tokens off;
sendfile on;
tcp_nopush on;
absolute_redirect off;
keepalive_timeout 65s;
keepalive_requests 10000;
client_header_timeout 10s;
client_body_timeout 20s;
send_timeout 30s;
reset_timedout_connection on;
client_max_body_size ${options.bodyLimitBytes ?? BODY_LIMIT_BYTES};

# Who asks: the peer itself, unless it is a load balancer that is listed.
${trusted(options)}
map $edge_trusted:$http_x_forwarded_proto $edge_proto {
    default $scheme;
    1:http http;
    1:https https;
}
map $http_host $edge_host {
    default $http_host;
    '' $host;
}
# As in libs/platform/bootstrap/src/request-id.ts: what may stand in a log as it is.
map $http_x_request_id $edge_request_id {
    default $request_id;
    '~^[A-Za-z0-9_.-]{8,128}$' $http_x_request_id;
}
# Queries hold what people search for, so they stay out of the log.
map $request_uri $edge_path {
    default $request_uri;
    '~^(?<edge_path_alone>[^?]*)' $edge_path_alone;
}
# Of the request's first line: where the path cannot be decoded, there is no other.
map $request $edge_kind {
    default page;
    '~^[A-Z]+ /(api|health|ready|\\.well-known)([/? ]|$)' api;
}
# Pages are packed here: what web servers pack, they pack for who has no such edge.
map $edge_kind $edge_accept_encoding {
    default '';
    api $http_accept_encoding;
}
map $http_accept_encoding $edge_brotli {
    default '';
    '~*(^|[, ])br *(;(?! *q=0(\\.0*)? *(,|$))|,|$)' .br;
}
# Of the file that was chosen, which is not always the one that was asked for.
map $uri $edge_encoding {
    default '';
    '~\\.br$' br;
}

# While names are looked up again, a request that waits for a server which is gone finds that the set
# of servers has changed, and is refused although others are there.
${unreachedMaps()}

log_format json escape=json '{"time":"$time_iso8601","requestId":"$edge_request_id",'
    '"address":"$remote_addr","method":"$request_method","path":"$edge_path","status":$status,'
    '"bytes":$body_bytes_sent,"seconds":$request_time,"upstream":"$upstream_addr",'
    '"upstreamSeconds":"$upstream_response_time","protocol":"$server_protocol",'
    '"userAgent":"$http_user_agent"}';
access_log ${options.accessLog ?? `${folder}/access.log`} json;

limit_req_zone $binary_remote_addr zone=api:10m rate=${rateLimit.perSecond}r/s;
limit_req_status 429;
limit_req_log_level info;

gzip on;
gzip_comp_level 5;
gzip_min_length 1024;
gzip_proxied any;
gzip_vary on;
gzip_types text/css text/plain text/csv text/x-component text/javascript application/javascript
    application/json application/problem+json application/manifest+json image/svg+xml;

${options.resolver === undefined ? '' : `resolver ${options.resolver} valid=5s ipv6=off;\nresolver_timeout 2s;`}
${upstream('web', options.webs, options)}
${upstream('gateway', options.gateways, options)}

proxy_http_version 1.1;
# Within one network: who does not answer at once is gone.
proxy_connect_timeout 500ms;
proxy_send_timeout 30s;
proxy_read_timeout ${API_TIMEOUT};
# Only what may be sent twice: never a POST or PATCH that has left.
proxy_next_upstream error timeout;
proxy_next_upstream_tries 3;
proxy_next_upstream_timeout 10s;
# Who reads slowly slows the sender down, instead of filling the disk.
proxy_max_temp_file_size 0;
proxy_buffers 16 8k;
proxy_set_header Connection '';
proxy_set_header Accept-Encoding $edge_accept_encoding;
proxy_set_header Host $edge_host;
proxy_set_header Forwarded '';
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Host $edge_host;
proxy_set_header X-Forwarded-Proto $edge_proto;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Request-Id $edge_request_id;

${servers(options)}`;
}

function temporaryFiles(folder) {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
}

/** Of the files that the web app has; the two servers of pages and API name theirs. */
function types() {
  return `types {
    text/css css;
    text/javascript js;
    text/plain txt;
    application/json json map;
    image/svg+xml svg;
    image/png png;
    image/x-icon ico;
    font/woff2 woff2;
}
default_type application/octet-stream;
charset utf-8;
charset_types text/css text/javascript text/plain;`;
}

function trusted({ trustedProxies = [], trustedDirectives }) {
  const realIp =
    trustedDirectives?.realIp ??
    trustedProxies.map((proxy) => `set_real_ip_from ${proxy};`).join('\n');
  const geo = trustedDirectives?.geo ?? trustedProxies.map((proxy) => `${proxy} 1;`).join(' ');
  return `real_ip_header X-Forwarded-For;
real_ip_recursive on;
${realIp}
geo $realip_remote_addr $edge_trusted { default 0; ${geo} }`;
}

function upstream(name, addresses, { resolver }) {
  const again = resolver === undefined ? '' : ' resolve';
  return `upstream ${name} {
    zone ${name} 256k;
    least_conn;
${addresses.map((address) => `    server ${address}${again} max_fails=3 fail_timeout=2s;`).join('\n')}
    # Shorter than the servers' own 72 and 75 s: who closes first must be the one who asks.
    keepalive 64;
    keepalive_timeout 60s;
    keepalive_requests 100000;
}`;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '8080' },
      folder: { type: 'string', default: '/tmp' },
      web: { type: 'string', multiple: true, default: ['127.0.0.1:3000'] },
      gateway: { type: 'string', multiple: true, default: ['127.0.0.1:4000'] },
      static: { type: 'string' },
      rate: { type: 'string', default: '10' },
      burst: { type: 'string', default: '20' },
      trusted: { type: 'string', multiple: true },
    },
  });
  const text = render({
    listen: Number(values.listen),
    folder: values.folder,
    webs: values.web,
    gateways: values.gateway,
    staticFolder: values.static,
    rateLimit: { perSecond: values.rate, burst: values.burst },
    trustedProxies: values.trusted,
  });
  process.stdout.write(text);
}
