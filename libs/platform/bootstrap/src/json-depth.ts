/**
 * Whether a parsed body nests lists and objects deeper than a limit. It goes level by level: code
 * that calls itself for each level is what such bodies are sent to break.
 *
 * @param value what JSON.parse returned, or a buffer, which has no levels
 * @param max levels that are allowed; a list of numbers has one
 */
export function nestsDeeperThan(value: unknown, max: number): boolean {
  let level = inner([value]);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === max) return true;
    level = inner(level.flatMap((part): unknown[] => Object.values(part)));
  }
  return false;
}

function inner(values: unknown[]): object[] {
  return values.filter(
    (value): value is object =>
      typeof value === 'object' && value !== null && !Buffer.isBuffer(value),
  );
}
