/** @throws RangeError if the value is not a number above zero */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new RangeError(`${name} must be a number above 0, not ${value}`);
  }
}

/** @throws RangeError if the value is not a number strictly between 0 and 1 */
export function requireFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new RangeError(`${name} must be between 0 and 1, not ${value}`);
  }
}
