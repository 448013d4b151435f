import { addressList } from '@primetrade/clients/remote-auth';
import { defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

export const GatewayConfig = defineConfig(
  'gateway',
  z.object({
    /**
     * Base addresses of the processes of each service, separated by commas. A name that stands for
     * several addresses is looked up again and again, and each of them counts as a process.
     */
    AUTH_URL: addressList(),
    TASKS_URL: addressList(),
    PROFILE_URL: addressList(),
    /** Longest wait for the beginning of a service's answer; then the caller gets a 504. */
    GATEWAY_TIMEOUT_MS: durationMs(100, 600_000).default(15_000),
    /** Longest silence within an answer or a stream of events. */
    GATEWAY_IDLE_TIMEOUT_MS: durationMs(100, 3_600_000).default(60_000),
    /** How often each process of a service is asked whether it is ready, where there are several. */
    GATEWAY_PROBE_MS: durationMs(10, 60_000).default(500),
    /** How often names are looked up again. */
    GATEWAY_DNS_MS: durationMs(10, 600_000).default(5_000),
    /** Requests that may wait for one service at a time. */
    GATEWAY_MAX_IN_FLIGHT: z.coerce.number().int().min(1).max(100_000).default(512),
    /** Requests that may wait for a place among those; the rest is turned away with 503. */
    GATEWAY_MAX_QUEUED: z.coerce.number().int().min(0).max(100_000).default(256),
  }),
);
