/** How much there may be in a JSON body. */
export interface JsonLimits {
  /** Lists and objects within each other; a list of numbers has one level. */
  depth: number;
  /** Lists and objects in all. */
  containers: number;
  /** Commas, so about as many values. */
  values: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Which limit a JSON text exceeds. It reads the bytes and builds nothing: what such bodies are sent
 * for is to be parsed, as two megabytes of brackets take most of a second.
 *
 * @param text in UTF-8; it need not be valid
 * @returns undefined when it keeps within all of them
 */
export function exceededLimit(text: Uint8Array, limits: JsonLimits): keyof JsonLimits | undefined {
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if ((depth += 1) > limits.depth) return 'depth';
        if ((containers += 1) > limits.containers) return 'containers';
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        if ((values += 1) > limits.values) return 'values';
        break;
    }
  }
  return undefined;
}

/** Where the string that begins at a quote ends; the end of the text for one that does not. */
function endOfString(text: Uint8Array, begin: number): number {
  let end = text.indexOf(QUOTE, begin + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf(QUOTE, end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: Uint8Array, at: number): boolean {
  let first = at;
  while (text[first - 1] === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}
