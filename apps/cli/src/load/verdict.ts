import type { LittleCheck, PercentileInterval } from '@primetrade/scaling-capacity';
import { EXIT, type ExitCode } from '../io.js';
import type { Failures } from './recorder.js';

/** Such as p95 within 150 ms. */
export interface Slo {
  /** Such as 95. */
  percentile: number;
  limitMs: number;
}

export interface Objectives {
  slos: readonly Slo[];
  /** Failed requests, as a share of all. */
  maxErrors: number;
}

export interface Judgement {
  /** Whether the run says anything of the server. */
  valid: boolean;
  /** Why it does not. */
  reasons: string[];
  slos: (Slo & {
    actualMs: number;
    /** With 95 % confidence; null with too few answers. */
    intervalMs: PercentileInterval | null;
    kept: boolean;
  })[];
  errors: { share: number; limit: number; kept: boolean };
  /** What to do about what was seen. */
  advice: string[];
  exitCode: ExitCode;
}

/** What a run is judged by. */
interface Evidence {
  requests: { sent: number; dropped: number; failed: number };
  failures: Failures;
  little: LittleCheck | null;
  generator: { utilization: number; machine: number; latenessMs: { p99: number } };
  latencyMs: { count: number };
  plan: { connections: number };
  stoppedEarly: boolean;
}

/** What the judge may ask about latencies, in milliseconds. */
interface Answers {
  percentile(percent: number): number;
  interval(percent: number): PercentileInterval | null;
}

/** One request in a hundred may leave this late; more is the generator's own latency. */
const MAX_LATENESS_MS = 25;
/** An event loop that is busier than this delays what it measures. */
const MAX_UTILIZATION = 0.9;

export function judge(
  evidence: Evidence,
  { slos, maxErrors }: Objectives,
  latencies: Answers,
): Judgement {
  const reasons = doubtsOf(evidence);
  const { sent, failed } = evidence.requests;
  const share = sent === 0 ? 0 : failed / sent;
  const checked = slos.map((slo) => {
    const actualMs = latencies.percentile(slo.percentile);
    return {
      ...slo,
      actualMs,
      intervalMs: latencies.interval(slo.percentile),
      kept: !evidence.stoppedEarly && evidence.latencyMs.count > 0 && actualMs <= slo.limitMs,
    };
  });
  const errors = { share, limit: maxErrors, kept: share <= maxErrors };
  const kept = errors.kept && checked.every((slo) => slo.kept);
  return {
    valid: reasons.length === 0,
    reasons,
    slos: checked,
    errors,
    advice: adviceOn(evidence.failures),
    exitCode: reasons.length > 0 ? EXIT.invalid : kept ? EXIT.done : EXIT.failed,
  };
}

/** Why a run says nothing of the server. */
function doubtsOf(evidence: Evidence): string[] {
  const { requests, failures, little, generator, plan, stoppedEarly } = evidence;
  const doubts: string[] = [];
  if (requests.sent === 0) doubts.push('nothing was sent');
  // A run is stopped because too many answers were slow already, whatever was dropped beside them.
  if (requests.dropped > 0 && !stoppedEarly) {
    doubts.push(
      `${requests.dropped} requests were dropped, as all ${plan.connections} connections were in use: the server is far beyond its capacity, or --connections is too low`,
    );
  }
  if (failures.generator) {
    doubts.push(
      `${failures.generator} requests failed because this machine ran out of files or ports: raise \`ulimit -n\`, or lower --connections`,
    );
  }
  const { latenessMs, utilization, machine } = generator;
  if (latenessMs.p99 > MAX_LATENESS_MS) {
    doubts.push(
      `1 in 100 requests left ${latenessMs.p99.toFixed(0)} ms late or more, with the processors of this machine ${(machine * 100).toFixed(0)} % busy: the generator is saturated; run it on a machine of its own, or lower the rate`,
    );
  }
  if (utilization > MAX_UTILIZATION) {
    doubts.push(
      `the generator was busy ${(utilization * 100).toFixed(0)} % of the time, and delays what it measures: lower the rate, or run several`,
    );
  }
  if (little !== null && !little.valid) {
    doubts.push(
      `${little.measured.toPrecision(3)} requests were under way and rate × latency says ${little.expected.toPrecision(3)}, ${(little.deviation * 100).toFixed(1)} % apart (5 % at most, by Little’s law): the generator added latency of its own`,
    );
  }
  return doubts;
}

function adviceOn(failures: Failures): string[] {
  const advice: string[] = [];
  if (failures['http-429']) {
    advice.push(
      `${failures['http-429']} answers were 429: that is a rate limit at work, not a server at its end. Raise RATE_LIMIT_USER and RATE_LIMIT_ANONYMOUS (and nginx’s limit_req) for the time of the run, or spread the load with --accounts.`,
    );
  }
  if (failures.connect) {
    advice.push(
      `${failures.connect} connections were not made: is the server up, and is its backlog long enough?`,
    );
  }
  if (failures.reset) {
    advice.push(
      `${failures.reset} connections broke: something restarted, or its keep-alive time is shorter than the proxy’s in front of it.`,
    );
  }
  return advice;
}
