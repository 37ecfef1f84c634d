/**
 * Secrets: a value that cannot be printed by accident, and the book of all of them that cleans outgoing text.
 */

const SHOWN = '***';

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
