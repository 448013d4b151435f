/** Shown while the web server is being restarted; it tries again by itself. */
export const UNAVAILABLE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>PrimeTrade is coming back</title>
<style>
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { min-height: 90vh; display: grid; place-content: center; padding: 1.5rem; }
main { max-width: 32rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
p { margin: 0; }
</style>
</head>
<body>
<main>
<h1>PrimeTrade will be back in a moment</h1>
<p>This page is being restarted and loads again by itself. Your tasks are safe.</p>
</main>
</body>
</html>
`;

/** Seconds, for Retry-After. */
export const RETRY_AFTER_SECONDS = 2;

/** The page needs its own style and nothing else. */
export const UNAVAILABLE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
