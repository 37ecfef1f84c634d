/**
 * What a parser gives back: a value, or what is wrong with the text. Parsers never throw and never shorten what they were
 * given: redact before truncating, because a cut secret no longer matches.
 */

/** Wrong is what was found and what is expected. */
export interface Wrong {
  /** The text concerned, or the pieces of it, each to be shortened for itself; null if it is not worth showing. */
  readonly given: string | readonly string[] | null;
  /** What is expected, and how to correct it; whole sentences. */
  readonly expected: string;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wrong: Wrong };

export type Parser<T> = (text: string) => Parsed<T>;

/** right wraps a value that was understood. */
export function right<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** wrong wraps a mistake. */
export function wrong(given: Wrong['given'], expected: string): { readonly ok: false; readonly wrong: Wrong } {
  return { ok: false, wrong: { given, expected } };
}

type Complete<T> = T & { readonly [K in keyof T]: Exclude<T[K], null> };

/** complete gives parts of which none may be null; null if one is. */
export function complete<T extends object>(parts: T): Complete<T> | null {
  return Object.values(parts).includes(null) ? null : (parts as Complete<T>);
}
