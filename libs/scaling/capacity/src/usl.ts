import { fitLeastSquares, type Model, type Point, solve, sumOfSquares } from './least-squares.js';

/** A measured throughput. */
export interface UslPoint {
  /** Requests in flight, or pods. */
  concurrency: number;
  /** Requests a second. */
  throughput: number;
}

export interface UslFit {
  /** λ: requests a second at a concurrency of 1. */
  lambda: number;
  /** σ: the share of the work that waits for others. */
  sigma: number;
  /** κ: the share that goes into keeping everyone in agreement. */
  kappa: number;
  /** The whole number of concurrency at which throughput peaks; Infinity if it never falls. */
  peakConcurrency: number;
  /** Requests a second at the peak; the limit if it never falls. */
  peakThroughput: number;
  /** 1 − Σ residuals² ÷ Σ deviations², 1 for a perfect fit. */
  rSquared: number;
  points: number;
}

/** Fewer cannot tell three parameters from noise. */
export const MIN_USL_POINTS = 6;

/** Parameters λ, σ, κ. */
const USL: Model = {
  value: (n, [lambda, sigma, kappa]) => (lambda! * n) / denominator(n, sigma!, kappa!),
  gradient: (n, [lambda, sigma, kappa]) => {
    const d = denominator(n, sigma!, kappa!);
    const slope = (-lambda! * n) / (d * d);
    return [n / d, slope * (n - 1), slope * n * (n - 1)];
  },
};

/**
 * Fits Gunther's Universal Scalability Law, X(N) = λN ÷ (1 + σ(N − 1) + κN(N − 1)), by least squares
 * over throughput. σ and κ are shares and never below 0.
 *
 * @throws RangeError for fewer than 6 points, or ones at less than three different concurrencies
 */
export function fitUsl(measured: readonly UslPoint[]): UslFit {
  if (measured.length < MIN_USL_POINTS) {
    throw new RangeError(
      `a fit takes at least ${MIN_USL_POINTS} points, and there are ${measured.length}`,
    );
  }
  for (const { concurrency, throughput } of measured) {
    if (!(concurrency > 0) || !(throughput > 0)) {
      throw new RangeError('concurrency and throughput must be above 0');
    }
  }
  if (new Set(measured.map(({ concurrency }) => concurrency)).size < 3) {
    throw new RangeError('a fit takes points at three or more concurrencies');
  }
  const points = measured.map(({ concurrency, throughput }) => ({ x: concurrency, y: throughput }));
  const [lambda, sigma, kappa] = fitShares(points);
  const peakConcurrency = peakOf(sigma, kappa);
  return {
    lambda,
    sigma,
    kappa,
    peakConcurrency,
    peakThroughput:
      peakConcurrency === Infinity
        ? lambda / sigma
        : throughputAt({ lambda, sigma, kappa }, peakConcurrency),
    rSquared: rSquared(points, [lambda, sigma, kappa]),
    points: points.length,
  };
}

/** X(N) of a fit: requests a second at a concurrency. */
export function throughputAt(
  { lambda, sigma, kappa }: Pick<UslFit, 'lambda' | 'sigma' | 'kappa'>,
  concurrency: number,
): number {
  return (lambda * concurrency) / denominator(concurrency, sigma, kappa);
}

/**
 * The smallest concurrency that reaches a throughput, for a fit over pods: how many pods it takes.
 *
 * @returns null if no concurrency does
 */
export function concurrencyFor(fit: UslFit, throughput: number): number | null {
  // λN = X(1 + σ(N − 1) + κN(N − 1)) is quadratic in N.
  const a = throughput * fit.kappa;
  const b = throughput * (fit.sigma - fit.kappa) - fit.lambda;
  const c = throughput * (1 - fit.sigma);
  if (a === 0) return b < 0 ? -c / b : null;
  const discriminant = b * b - 4 * a * c;
  return discriminant < 0 || b >= 0 ? null : (-b - Math.sqrt(discriminant)) / (2 * a);
}

/** The unconstrained fit, or the best one with a share that would be negative at 0. */
function fitShares(points: readonly Point[]): [number, number, number] {
  const free = fitLeastSquares(USL, points, startOf(points)) as [number, number, number];
  if (free[1] >= 0 && free[2] >= 0) return free;
  const candidates: [number, number, number][] = [];
  for (const held of [1, 2] as const) {
    const [lambda, share] = fitLeastSquares(holding(held), points, [free[0], 0.01]);
    if (share! >= 0) {
      candidates.push(held === 1 ? [lambda!, 0, share!] : [lambda!, share!, 0]);
    }
  }
  const sumXY = points.reduce((sum, { x, y }) => sum + x * y, 0);
  const sumXX = points.reduce((sum, { x }) => sum + x * x, 0);
  candidates.push([sumXY / sumXX, 0, 0]);
  return candidates.reduce((best, candidate) =>
    sumOfSquares(USL, points, candidate) < sumOfSquares(USL, points, best) ? candidate : best,
  );
}

/** The law with parameters λ and one share, the other (1: σ, 2: κ) being 0. */
function holding(held: 1 | 2): Model {
  const all = ([lambda, share]: readonly number[]) =>
    held === 1 ? [lambda!, 0, share!] : [lambda!, share!, 0];
  return {
    value: (n, parameters) => USL.value(n, all(parameters)),
    gradient: (n, parameters) => {
      const gradient = USL.gradient(n, all(parameters));
      return [gradient[0]!, gradient[held === 1 ? 2 : 1]!];
    },
  };
}

/** N ÷ X = (1 + σ(N − 1) + κN(N − 1)) ÷ λ is linear in 1/λ, σ/λ and κ/λ: near enough to begin. */
function startOf(points: readonly Point[]): number[] {
  const rows = points.map(({ x, y }) => ({ terms: [1, x - 1, x * (x - 1)], target: x / y }));
  const matrix = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => rows.reduce((sum, { terms }) => sum + terms[i]! * terms[j]!, 0)),
  );
  const vector = [0, 1, 2].map((i) =>
    rows.reduce((sum, { terms, target }) => sum + terms[i]! * target, 0),
  );
  const solution = solve(matrix, vector);
  if (solution === null || !(solution[0]! > 0)) {
    return [Math.max(...points.map(({ x, y }) => y / x)), 0.05, 0.001];
  }
  const [inverse, sigma, kappa] = solution as [number, number, number];
  return [1 / inverse, sigma / inverse, kappa / inverse];
}

function denominator(n: number, sigma: number, kappa: number): number {
  return 1 + sigma * (n - 1) + kappa * n * (n - 1);
}

function peakOf(sigma: number, kappa: number): number {
  return kappa > 0 ? Math.max(1, Math.floor(Math.sqrt(Math.max(0, 1 - sigma) / kappa))) : Infinity;
}

function rSquared(points: readonly Point[], parameters: readonly number[]): number {
  const mean = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const total = points.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
  return total === 0 ? 1 : 1 - sumOfSquares(USL, points, parameters) / total;
}
