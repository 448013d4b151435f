/** Kubernetes quantities: a number with a decimal (m, k, M …), binary (Ki, Mi …) or e-notation suffix. */

const SUFFIXES: Record<string, readonly [base: bigint, exponent: number]> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  '': [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|(n|u|m|k|M|G|T|P|E|[KMGTPE]i))?$/;

/**
 * The value of a quantity in milli-units, rounded up (away from zero) to a whole one as the API does.
 *
 * @param quantity such as "250m", "1.5", "512Mi" or a number
 * @throws RangeError if it is not a quantity
 */
export function milliOf(quantity: string | number): number {
  const match = FORM.exec(String(quantity));
  const [, sign, whole = '', fraction = '', e, suffix = ''] = match ?? [];
  if (match === null || whole + fraction === '') {
    throw new RangeError(`"${quantity}" is not a quantity such as 250m, 1.5 or 512Mi`);
  }
  const [base, exponent] = e === undefined ? SUFFIXES[suffix]! : ([10n, Number(e)] as const);
  let numerator = BigInt(whole + fraction) * 1000n;
  let denominator = 10n ** BigInt(fraction.length);
  if (exponent >= 0) numerator *= base ** BigInt(exponent);
  else denominator *= base ** BigInt(-exponent);
  const milli = Number((numerator + denominator - 1n) / denominator);
  return sign === '-' && milli !== 0 ? -milli : milli;
}

/**
 * A quantity as a floating-point number, with the controller's rounding: whole thousandths are
 * multiplied by 0.001.
 *
 * @throws RangeError if it is not a quantity
 */
export function floatOf(quantity: string | number): number {
  const milli = milliOf(quantity);
  return milli % 1000 === 0 ? milli / 1000 : milli * 0.001;
}
