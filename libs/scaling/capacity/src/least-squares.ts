/** A function of parameters that is fitted to points (x, y). */
export interface Model {
  value(x: number, parameters: readonly number[]): number;
  /** The derivative for each parameter. */
  gradient(x: number, parameters: readonly number[]): number[];
}

export interface Point {
  x: number;
  y: number;
}

const MAX_STEPS = 500;
const ENOUGH = 1e-15;

/**
 * Least squares by Levenberg and Marquardt (Marquardt, 1963): Gauss–Newton steps, damped in
 * proportion to the diagonal as long as they do not help.
 *
 * @param start where to begin; the closer, the surer
 * @returns the parameters at the lowest sum of squares that was found
 */
export function fitLeastSquares(
  model: Model,
  points: readonly Point[],
  start: readonly number[],
): number[] {
  let parameters = [...start];
  let error = sumOfSquares(model, points, parameters);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { matrix, vector } = normalEquations(model, points, parameters);
    const damped = matrix.map((row, i) =>
      row.map((cell, j) => (i === j ? cell * (1 + damping) : cell)),
    );
    const change = solve(damped, vector);
    const next = parameters.map((parameter, i) => parameter + (change?.[i] ?? 0));
    const nextError = change === null ? Infinity : sumOfSquares(model, points, next);
    if (nextError < error) {
      const gain = (error - nextError) / error;
      parameters = next;
      error = nextError;
      damping = Math.max(damping / 10, 1e-12);
      if (gain < ENOUGH) break;
    } else {
      damping *= 10;
      if (damping > 1e15) break;
    }
  }
  return parameters;
}

/** Σ (y − value)² */
export function sumOfSquares(
  model: Model,
  points: readonly Point[],
  parameters: readonly number[],
): number {
  let sum = 0;
  for (const { x, y } of points) sum += (y - model.value(x, parameters)) ** 2;
  return sum;
}

/** Jᵀ J and Jᵀ r */
function normalEquations(model: Model, points: readonly Point[], parameters: readonly number[]) {
  const size = parameters.length;
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const vector = new Array<number>(size).fill(0);
  for (const { x, y } of points) {
    const gradient = model.gradient(x, parameters);
    const residual = y - model.value(x, parameters);
    for (let i = 0; i < size; i++) {
      vector[i]! += gradient[i]! * residual;
      for (let j = 0; j < size; j++) matrix[i]![j]! += gradient[i]! * gradient[j]!;
    }
  }
  return { matrix, vector };
}

/** Gauss elimination with partial pivoting; null if the matrix is singular. */
export function solve(
  matrix: readonly (readonly number[])[],
  vector: readonly number[],
): number[] | null {
  const size = vector.length;
  const rows = matrix.map((row, i) => [...row, vector[i]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    if (!(Math.abs(head[column]!) > 0)) return null;
    for (let i = column + 1; i < size; i++) {
      const row = rows[i]!;
      const factor = row[column]! / head[column]!;
      for (let j = column; j <= size; j++) row[j]! -= factor * head[j]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * solution[j]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}
