type Report = (error: unknown, context: Record<string, string>) => void;

const nobodyListens: Report = () => undefined;
let report = nobodyListens;

/**
 * Tells Sentry of an error that is our fault, where Sentry was started.
 *
 * @param context names and codes to find it by; nothing that a person sent
 */
export function reportError(error: unknown, context: Record<string, string>): void {
  report(error, context);
}

/**
 * Starts OpenTelemetry when OTEL_EXPORTER_OTLP_ENDPOINT is set, and Sentry when SENTRY_DSN is.
 * Without them nothing is loaded. Call it before the modules to be traced are imported.
 *
 * @param service name that spans carry unless OTEL_SERVICE_NAME says otherwise
 * @returns stops both and sends what is still buffered
 */
export async function startTracing(
  service: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<() => Promise<void>> {
  const stops: (() => Promise<unknown>)[] = [];
  if (env['OTEL_EXPORTER_OTLP_ENDPOINT']) stops.push(await startOpenTelemetry(service));
  if (env['SENTRY_DSN']) stops.push(await startSentry(env['SENTRY_DSN'], service));
  return async () => {
    await Promise.allSettled(stops.map((stop) => stop()));
  };
}

async function startOpenTelemetry(service: string): Promise<() => Promise<void>> {
  const [{ NodeSDK }, { HttpInstrumentation }, { PgInstrumentation }, { IORedisInstrumentation }] =
    await Promise.all([
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/instrumentation-http'),
      import('@opentelemetry/instrumentation-pg'),
      import('@opentelemetry/instrumentation-ioredis'),
    ]);
  const sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? service,
    instrumentations: [
      new HttpInstrumentation(),
      new PgInstrumentation({ requireParentSpan: true }),
      new IORedisInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  return () => sdk.shutdown();
}

async function startSentry(dsn: string, service: string): Promise<() => Promise<boolean>> {
  const sentry = await import('@sentry/node');
  sentry.init({
    dsn,
    serverName: service,
    // Traces are the business of OpenTelemetry; Sentry gets errors only.
    tracesSampleRate: 0,
  });
  report = (error, context) => sentry.captureException(error, { extra: context });
  return () => {
    report = nobodyListens;
    return sentry.close(2000);
  };
}
