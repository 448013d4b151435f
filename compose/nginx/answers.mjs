/**
 * What nginx answers by itself: problem details, as everything below /api does, and a small page
 * elsewhere. A test compares the problems with those of the API.
 */

/** Seconds, for Retry-After. */
const RETRY_SECONDS = 1;

/**
 * nginx's own statuses (494 to 497 are of its own making) and what the client gets.
 *
 * @type {readonly { on: string, status: number, code: string, title: string, text: string }[]}
 */
export const ANSWERS = [
  {
    on: '400 414 494 495 496 497 505',
    status: 400,
    code: 'bad_request',
    title: 'The request could not be read',
    text: 'Check the address, and try again.',
  },
  {
    on: '403 404',
    status: 404,
    code: 'not_found',
    title: 'Not found',
    text: 'There is nothing at this address.',
  },
  {
    on: '405',
    status: 405,
    code: 'method_not_allowed',
    title: 'The method is not supported here',
    text: 'Go back, and try another way.',
  },
  {
    on: '408',
    status: 408,
    code: 'request_timeout',
    title: 'The request took too long to arrive',
    text: 'Check your connection, and try again.',
  },
  {
    on: '413',
    status: 413,
    code: 'payload_too_large',
    title: 'The request is too large',
    text: 'Send less at once.',
  },
  {
    on: '429',
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests from this IP',
    text: 'Wait a moment, and try again.',
  },
  {
    on: '500',
    status: 500,
    code: 'internal_error',
    title: 'Something went wrong on our side',
    text: 'Try again in a moment.',
  },
  {
    on: '502 503',
    status: 503,
    code: 'unavailable',
    title: 'Temporarily unavailable',
    text: 'PrimeTrade will be back in a moment; this page loads again by itself. Your tasks are safe.',
  },
  {
    on: '504',
    status: 504,
    code: 'upstream_timeout',
    title: 'It took too long',
    text: 'Try again in a moment.',
  },
];

/**
 * Directives that send nginx's own errors to the locations of `answerLocations`.
 *
 * @param {{ again: boolean }} options whether a request that reached no server is tried once more
 *   before, in the locations `@again_api` and `@again_page`
 */
export function errorPages({ again }) {
  return ANSWERS.flatMap(({ on, status }) =>
    on.split(' ').map((own) => {
      const answer = `/_answer/$edge_kind/${status}`;
      return `error_page ${own} = ${again && own in UNREACHED ? UNREACHED[own] : answer};`;
    }),
  ).join('\n');
}

/** What a request that found no server ends with, and the variable that says where it goes then. */
const UNREACHED = { 502: '$edge_on_502', 504: '$edge_on_504' };

/** Maps for `errorPages`: nothing was sent, so that even a POST can be tried again. */
export function unreachedMaps() {
  return Object.entries(UNREACHED)
    .map(([own, variable]) => {
      const { status } = ANSWERS.find(({ on }) => on.includes(own));
      return `map $upstream_bytes_sent ${variable} {
    default /_answer/$edge_kind/${status};
    '~^[-0, :]+$' @again_$edge_kind;
}`;
    })
    .join('\n');
}

/** A location for each answer: `/_answer/api/429`, `/_answer/page/429`. No client reaches them. */
export function answerLocations() {
  return ANSWERS.flatMap((answer) => [
    location(
      `/_answer/api/${answer.status}`,
      'application/problem+json',
      "default-src 'none'; frame-ancestors 'none'",
      answer.status,
      problem(answer),
    ),
    location(
      `/_answer/page/${answer.status}`,
      'text/html',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      answer.status,
      page(answer),
    ),
  ]).join('\n');
}

function location(path, type, policy, status, body) {
  const retry =
    status === 429 || status === 503 ? `add_header Retry-After ${RETRY_SECONDS} always;` : '';
  return `location = ${path} {
    internal;
    default_type '${type}; charset=utf-8';
    add_header Cache-Control no-store always;
    add_header Content-Security-Policy "${policy}" always;
    add_header X-Content-Type-Options nosniff always;
    add_header X-Request-Id $edge_request_id always;
    ${retry}
    return ${status} '${body}';
}`;
}

/** RFC 9457, as libs/platform/errors makes them. */
function problem({ status, code, title }) {
  return JSON.stringify({
    type: `urn:primetrade:error:${code}`,
    title,
    status,
    code,
    instance: 'urn:request:$edge_request_id',
  });
}

function page({ status, title, text }) {
  const again = status === 503 ? '<meta http-equiv="refresh" content="2">' : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${again}
<title>${title}: PrimeTrade</title>
<style>
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { min-height: 90vh; display: grid; place-content: center; padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
p { margin: 0; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
</main>
</body>
</html>
`;
}
