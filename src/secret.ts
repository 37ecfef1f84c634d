/**
 * Secrets: a value that cannot be printed by accident, and the registry of all of them that cleans outgoing text.
 */

const SHOWN = '***';

/**
 * Shorter values are masked in the runner's log but not searched for in our own text: a password of one letter would
 * turn every line into stars, and the rest would reveal the letter.
 */
const SHORTEST = 4;

/** Secret wraps a credential. Every ordinary way of printing it shows `***`; only `reveal()` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that puts it on the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}

/** Hide masks a value in the runner's log, remembers it for redaction, and returns it wrapped. */
export type Hide = (value: string) => Secret;

/** Secrets is what readers of credentials need of the registry. */
export type Secrets = Pick<SecretRegistry, 'hide' | 'redact'>;

/**
 * SecretRegistry knows every secret of the run. `hide` enters one, telling the runner to mask it before anything can print
 * it; `redact` replaces all that are known in a text that is about to leave the process, because files (outputs,
 * summary, receipt) are not masked by the runner.
 */
export class SecretRegistry {
  readonly #mask: (value: string) => void;
  readonly #known = new Set<string>();
  /** Longest first, so that a secret inside another one cannot leave the rest of the longer one behind. */
  #spellings: readonly string[] = [];

  constructor(mask: (value: string) => void) {
    this.#mask = mask;
  }

  /** Hide as a value, so that it can be passed on without the registry. */
  readonly hide: Hide = (value) => {
    // The runner warns about an empty mask, and trims what it is given.
    if (value.trim() !== '' && !this.#known.has(value)) {
      this.#known.add(value);
      const spellings = spellingsOf(value);
      for (const spelling of new Set(spellings.flatMap(masksOf))) this.#mask(spelling);
      if (value.length >= SHORTEST) {
        this.#spellings = [...new Set([...this.#spellings, ...spellings])].sort((a, b) => b.length - a.length);
      }
    }
    return new Secret(value);
  };

  /** Redact returns the text with every known secret, however spelt, replaced by `***`. */
  redact(text: string): string {
    let clean = text;
    for (const spelling of this.#spellings) {
      // Comparing lengths first keeps thousands of short lines against tokens of 10 KB cheap.
      if (clean.length >= spelling.length && clean.includes(spelling)) {
        clean = clean.replaceAll(spelling, SHOWN);
      }
    }
    return clean;
  }
}

/**
 * The runner masks every line of what it is given, and would mask `{` and `}` for the whole job if it were given a key in JSON. So it
 * gets the lines that are long enough, and never a whole of several lines.
 */
function masksOf(spelling: string): readonly string[] {
  return /[\r\n]/.test(spelling) ? linesOf(spelling) : [spelling];
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .flatMap((line) => [line, line.trim()].filter((one) => one.trim().length > 0 && one.length >= SHORTEST));
}

/** A value or line that is shorter may well occur in an output, such as `true` or `[1, `, which the runner then drops. */
const SHORTEST_HARMLESS = 6;

/** destroysOutputs tells whether a secret is so short, or has lines so short, that masking it spoils other text. */
export function destroysOutputs(value: string): boolean {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return lines.some((line) => line !== '' && line.length < SHORTEST_HARMLESS);
}

/** The forms in which a value can turn up in a log, an error text or an echoed request; the value itself comes first. */
function spellingsOf(value: string): string[] {
  if (value.length < SHORTEST) {
    return [value];
  }
  const url = encodeURIComponent(value.toWellFormed());
  const strictUrl = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  // Without its padding the encoded form is found with and without it.
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  const base64url = Buffer.from(value).toString('base64url');
  const lines = /[\r\n]/.test(value) ? linesOf(value) : [];
  const lowerCaseUrl = strictUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(value).slice(1, -1);
  // Some encoders escape the slash, and some what HTML would take for markup.
  const escaped = (text: string, characters: RegExp) =>
    text.replace(characters, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  const jsonForHtml = escaped(json, /[<>&]/g);
  const markup = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = markup.replaceAll('"', '&quot;');
  return [
    ...new Set([
      value,
      ...lines,
      json,
      json.replaceAll('/', '\\/'),
      jsonForHtml,
      jsonForHtml.replaceAll('/', '\\/'),
      escaped(json, /[<>&']/g),
      markup,
      quoted,
      quoted.replaceAll("'", '&#39;'),
      quoted.replaceAll("'", '&apos;'),
      url,
      strictUrl,
      lowerCaseUrl,
      url.replaceAll('%20', '+'),
      base64,
      base64url,
    ]),
  ];
}
