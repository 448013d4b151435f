import { generateKeyBetween } from 'fractional-indexing';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A fractional-indexing key whose integer part has nine digits begins with this. */
const NINE_DIGITS = 'i';
const FRACTION_DIGITS = 3;

/**
 * Positions at the end of a manual order, made without looking at what is there: the integer part
 * of the key is the time in microseconds, the fraction is random. Two devices that add at once
 * therefore neither wait for each other nor get the same position.
 */
export class EndPositions {
  private last = 0;

  /**
   * @param now milliseconds since 1970
   * @param random from 0 to 1
   */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  /** A position behind all that were made before; keys sort as plain strings. */
  next(): string {
    // Never back, also when the clock is set back or a batch takes more than one a microsecond.
    this.last = Math.max(this.last + 1, this.now() * 1000);
    return NINE_DIGITS + base62(this.last, 9) + this.fraction();
  }

  private fraction(): string {
    let text = '';
    for (let i = 1; i < FRACTION_DIGITS; i += 1) text += this.digit(0);
    // A key must not end in the smallest digit.
    return text + this.digit(1);
  }

  private digit(from: number): string {
    return DIGITS[from + Math.floor(this.random() * (DIGITS.length - from))]!;
  }
}

/**
 * A position between two others.
 *
 * @param before the one in front; null at the very front
 * @param after the one behind, greater than `before`; null at the very end
 */
export function positionBetween(before: string | null, after: string | null): string {
  return generateKeyBetween(before, after);
}

function base62(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) {
    text = DIGITS[rest % 62]! + text;
  }
  return text;
}
