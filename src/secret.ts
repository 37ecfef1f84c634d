/**
 * Secrets: a wrapper that keeps a value from being printed by accident, and a registry that removes all known secrets from text.
 */

const SHOWN = '***';

/**
 * Shorter values are masked in the runner's log but not removed from our own text: redacting a password of one letter would turn every
 * line into stars and reveal the letter.
 */
const SHORTEST = 4;

/** Secret wraps a credential. Every ordinary way of printing it shows `***`; only `reveal()` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Only the code that sends it needs it. */
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

/** Redact takes known secrets out of a text. It has to come before the text is cut, because a cut secret no longer matches. */
export type Redact = (text: string) => string;

/** Secrets is the part of the registry that reading credentials needs. */
export type Secrets = Pick<SecretRegistry, 'hide' | 'redact'>;

/**
 * SecretRegistry holds every secret of the run. `hide` adds one and tells the runner to mask it before anything can print it. `redact`
 * replaces all known secrets in text that is about to leave the process, because the runner does not mask files (outputs, summary,
 * receipt).
 */
export class SecretRegistry {
  readonly #mask: (value: string) => void;
  readonly #known = new Set<string>();
  /** Longest first: if one secret contains another, the longer one must be replaced as a whole. */
  #spellings: readonly string[] = [];

  constructor(mask: (value: string) => void) {
    this.#mask = mask;
  }

  /** `Hide` as a value, so that it can be passed on without the registry. */
  readonly hide: Hide = (value) => {
    // The runner warns about an empty mask, and trims masks.
    if (value.trim() !== '' && !this.#known.has(value)) {
      this.#known.add(value);
      const spellings = new Set(spellingsOf(value));
      for (const line of new Set([...spellings].flatMap(linesOf))) this.#mask(line);
      if (value.length >= SHORTEST) {
        this.#spellings = [...new Set([...this.#spellings, ...spellings])].sort((a, b) => b.length - a.length);
      }
    }
    return new Secret(value);
  };

  /** redact replaces every known secret, in every known spelling, by `***`. */
  redact(text: string): string {
    let clean = text;
    for (const spelling of this.#spellings) {
      // Comparing lengths first makes thousands of short lines cheap to check against tokens of 10 KB.
      if (clean.length >= spelling.length && clean.includes(spelling)) {
        clean = clean.replaceAll(spelling, SHOWN);
      }
    }
    return clean;
  }
}

/**
 * The runner masks each line of a mask. For a key in JSON it would mask `{` and `}` in the whole job, so it gets only the lines that are
 * long enough, and never a text of several lines.
 */
function linesOf(text: string): readonly string[] {
  if (!/[\r\n]/.test(text)) return [text];
  const lines = text.split(/[\r\n]+/).flatMap((line) => [line, line.trim()]);
  return lines.filter((line) => line.trim() !== '' && line.length >= SHORTEST);
}

/** Shorter values and lines, such as `true` or `[1, `, occur in ordinary outputs, and the runner drops an output that contains a mask. */
const SHORTEST_HARMLESS = 6;

/** destroysOutputs returns whether a secret, or one of its lines, is so short that masking it damages other text. */
export function destroysOutputs(value: string): boolean {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return lines.some((line) => line !== '' && line.length < SHORTEST_HARMLESS);
}

/** The spellings in which a value can appear in a log, an error text or an echoed request; the value itself comes first. */
function spellingsOf(value: string): string[] {
  if (value.length < SHORTEST) return [value];
  const bytes = Buffer.from(value);
  const url = encodeURIComponent(value.toWellFormed());
  const strictUrl = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const json = JSON.stringify(value).slice(1, -1);
  // Some encoders escape the characters of HTML, and some escape the slash.
  const escaped = (characters: RegExp) =>
    json.replace(characters, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  const jsons = [json, escaped(/[<>&]/g), escaped(/[<>&']/g)];
  const markup = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = markup.replaceAll('"', '&quot;');
  return [
    value,
    ...linesOf(value),
    ...jsons,
    ...jsons.map((text) => text.replaceAll('/', '\\/')),
    // A text that was put into JSON twice.
    JSON.stringify(json).slice(1, -1),
    ...[markup, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&apos;')],
    ...[url, url.replaceAll('%20', '+'), strictUrl, strictUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    // Without padding, so that it matches encoded text with and without padding.
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
  ];
}
