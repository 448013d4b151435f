/** A stretch of a run at a rate that stays, or changes evenly. */
export interface Stage {
  /** Requests a second. */
  from: number;
  to: number;
  seconds: number;
}

export interface Arrival {
  /** Milliseconds from the beginning of the plan. */
  at: number;
  /** Which stage it belongs to. */
  stage: number;
}

/** As many parts as a ramp has points of its own in a report. */
const PARTS_OF_A_RAMP = 10;

export function totalSeconds(stages: readonly Stage[]): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** How many requests a plan sends. */
export function totalRequests(stages: readonly Stage[]): number {
  return Math.round(stages.reduce((sum, stage) => sum + requestsOf(stage), 0));
}

function requestsOf({ from, to, seconds }: Stage): number {
  return ((from + to) / 2) * seconds;
}

/** A plan whose ramps are cut into parts, so that each part shows the latency at about one rate. */
export function inParts(stages: readonly Stage[]): Stage[] {
  return stages.flatMap((stage) => {
    const { from, to, seconds } = stage;
    if (from === to) return [stage];
    const parts = Math.max(1, Math.min(PARTS_OF_A_RAMP, Math.floor(seconds)));
    const rateAt = (part: number) => from + ((to - from) * part) / parts;
    return Array.from({ length: parts }, (_, part) => ({
      from: rateAt(part),
      to: rateAt(part + 1),
      seconds: seconds / parts,
    }));
  });
}

/**
 * When each request is due. It depends on the plan alone, never on answers: the loop is open.
 *
 * @param random for arrivals of independent users (a Poisson process); without it they are even
 */
export function* arrivalsOf(
  stages: readonly Stage[],
  random?: () => number,
): Generator<Arrival, void> {
  // Requests that are due up to a moment are the integral of the rate; the n-th arrival is where the
  // integral reaches its mark.
  let mark = step(random) / (random ? 1 : 2);
  let before = 0;
  let begin = 0;
  for (const [stage, { from, to, seconds }] of stages.entries()) {
    const amount = requestsOf({ from, to, seconds });
    while (mark < before + amount) {
      yield { at: (begin + timeOf(mark - before, from, to, seconds)) * 1000, stage };
      mark += step(random);
    }
    before += amount;
    begin += seconds;
  }
}

function step(random?: () => number): number {
  return random ? -Math.log(1 - random()) : 1;
}

/** The t at which from × t + (to − from) × t² ÷ 2 seconds is an amount. */
function timeOf(amount: number, from: number, to: number, seconds: number): number {
  const slope = (to - from) / seconds;
  // The form of the root that does not divide by the slope, which may be 0.
  return (2 * amount) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * amount)));
}
