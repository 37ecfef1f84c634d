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

/** isComplete returns whether no part of several is null: whatever is null was noted as a mistake, or is missing. */
export function isComplete<T extends object>(parts: T): parts is T & { readonly [K in keyof T]: Exclude<T[K], null> } {
  return Object.values(parts).every((part) => part !== null);
}
