/** Collects the values of a statement; the statement itself holds their numbers alone. */
export class SqlParams {
  readonly values: unknown[] = [];

  /** @returns the placeholder that stands for the value */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** A pattern of LIKE that finds the text as it is, anywhere. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
