/** Any text and any number, for comparisons with toEqual. */
export const anyString: unknown = expect.any(String);
export const anyNumber: unknown = expect.any(Number);

/** Any text that a pattern matches. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);
