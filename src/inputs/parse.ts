/**
 * Parsers for single values, and what a parser gives back: a value, or what is wrong with the text. Each parser is strict, and its error
 * describes what it accepts. None throws, and none shortens what it was given: redact before truncating, because a cut secret no
 * longer matches.
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

/** expecting makes a parser of a function that gives the value, or null for what is wrong. */
export function expecting<T>(expected: string, read: (text: string) => T | null): Parser<T> {
  return (text) => {
    const value = read(text);
    return value === null ? wrong(text, expected) : right(value);
  };
}

/** parseBoolean accepts only the core booleans of YAML 1.2, so that a typo cannot mean "no". */
export const parseBoolean = expecting('Expected `true` or `false`.', (text) =>
  /^(true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() === 'true' : null,
);

/** choice makes a parser for one of some words, in either case; `words` maps what can be written to what it means. */
export function choice<T>(words: Readonly<Record<string, T>>): Parser<T> {
  const known = new Map(Object.entries(words));
  return expecting(`Expected ${listed([...known.keys()])}.`, (text) => known.get(text.toLowerCase()) ?? null);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * No duration may be longer. An IAM token lives for 24 hours, so no run can be useful beyond; what is longer is a number in the
 * wrong unit (`600000` meant as milliseconds is a week). Timers also end at 24.8 days, and fire at once beyond.
 */
const LONGEST = 24 * 3_600_000;

/**
 * parseDuration makes a parser for `500ms`, `90s`, `10m`, `1h` or a bare number of seconds; the value is in whole milliseconds.
 * @param least 0 if zero is allowed and means "at once", else 1
 */
export function parseDuration(least: 0 | 1): Parser<number> {
  return (text) => {
    const [, number, unit = 's'] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(text) ?? [];
    const factor = UNITS[unit];
    if (number === undefined || factor === undefined) {
      return wrong(text, 'Expected a duration such as `500ms`, `90s`, `10m` or `1h`, or a bare number of seconds.');
    }
    const value = Math.round(Number(number) * factor);
    if (value < least) return wrong(text, 'Expected a duration of more than zero, such as `30s`.');
    if (value > LONGEST) {
      return wrong(
        text,
        'Expected at most 24 hours, the life of an IAM token. A bare number counts seconds; write `ms` for milliseconds.',
      );
    }
    return right(value);
  };
}

/** parseRetries reads how often to try again; more tries than 100 only wait for the run's time-out. */
export const parseRetries = wholeNumber(0, 100, 'Expected a whole number from 0 to 100.');

export const parsePositive = wholeNumber(1, Number.POSITIVE_INFINITY, 'Expected a positive whole number, such as `3`.');

/** wholeNumber makes a parser for a whole number within bounds. */
function wholeNumber(least: number, most: number, expected: string): Parser<number> {
  return expecting(expected, (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : null;
  });
}

/** Control characters, and what else ends a line. Not as `\p{Cc}`, which would load Unicode tables. */
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;

/** lineOf makes a parser for a text of one line with at most `longest` characters. */
export function lineOf(
  longest: number,
  expected = `Expected one line of at most ${longest} characters.`,
): Parser<string> {
  return expecting(expected, (text) => (text.length <= longest && !CONTROL.test(text) ? text : null));
}

/**
 * parseGlob takes everything that fits in a line: a name may hold blanks, commas and every other character. Names have at most 128
 * characters (OTC IMS API reference, Querying Image Details).
 */
export const parseGlob = lineOf(
  256,
  'Expected one glob in one line, such as `golden-*`, of at most 256 characters (image names have at most 128); it is not a list.',
);

/** NO_QUOTES explains why there are quotes around a value, and how to remove them. */
export const NO_QUOTES =
  'The value has quotes around it, which count as part of it: remove them from the stored value. Only YAML and shells remove quotes.';

/** isQuoted returns whether a pair of quotes has been left around a value. */
export function isQuoted(text: string): boolean {
  return /^(?:(["'`]).*\1|[“„‘‚«].*[”“’‘»])$/su.test(text) && text.length > 1;
}

/** isQuotedList returns whether a pair of quotes is around a list as a whole, rather than around its first and last entries. */
export function isQuotedList(text: string): boolean {
  return isQuoted(text) && /[^\s,;]/.test(text.slice(1, -1)) && !/["'`“”„‘’‚«»]/.test(text.slice(1, -1));
}

/** parseIdentityProvider reads a provider's name, which becomes part of a header and of a path. */
export const parseIdentityProvider = expecting(
  'Expected the name of the identity provider at IAM: letters, digits, `_`, `-` and `.`, at most 64.',
  (text) => (/^[\w.-]{1,64}$/.test(text) ? text : null),
);

/** projectOf accepts what can be the ID or name of a project (OTC IAM API reference, Creating a Project); null for everything else. */
export function projectOf(text: string): string | null {
  return /^[\w-]{1,64}$/.test(text) ? text : null;
}

/** listed writes words as `a`, `b` or `c`. */
export function listed(words: readonly string[], joint: 'or' | 'and' = 'or'): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${joint} ${last}`;
}

/** theseAre writes the names of inputs or variables as a subject: `a` is, or `a` and `b` are. */
export function theseAre(names: readonly string[]): string {
  return `${listed(names, 'and')} ${names.length === 1 ? 'is' : 'are'}`;
}
