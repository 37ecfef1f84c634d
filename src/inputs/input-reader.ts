/**
 * Reads inputs and the variables that stand in for them, and collects mistakes.
 */
import type { Mistake } from '../config.ts';
import { destroysOutputs, type Secret, type Secrets } from '../secret.ts';
import { isQuoted, isQuotedList, NO_QUOTES } from './parse.ts';
import type { Parser, Wrong } from './parsed.ts';
import { INPUTS, type InputSpec, type PlainInput, type SecretInput } from './table.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A value of the environment, with the name of the variable it came from. */
export interface Variable {
  readonly name: string;
  readonly text: string;
}

const ROWS: ReadonlyMap<string, InputSpec & { readonly rank: number }> = new Map(
  INPUTS.map((row: InputSpec, rank) => [row.name, { ...row, rank }]),
);

/** The name under which it is a mistake that inputs were dropped. */
export const CUT = 'inputs with a hyphen';

/** Longer values and pieces are cut: a mistake has to fit an annotation. */
const LONGEST_VALUE = 120;
const MOST_PIECES = 5;

/**
 * InputReader gives inputs and variables trimmed, (empty means unset), and collects what is wrong with them.
 * Secret inputs are masked when the reader is made, before anything can fail or print; secret variables when they are read.
 */
export class InputReader {
  readonly #env: Env;
  readonly #secrets: Secrets;
  readonly #given = new Map<SecretInput, Secret>();
  readonly #notes: string[] = [];
  readonly #warnings: string[] = [];
  readonly #short = new Set<string>();
  readonly #wrong: { readonly input: string; readonly wrong: Wrong }[] = [];

  constructor(env: Env, secrets: Secrets) {
    this.#env = env;
    this.#secrets = secrets;
    for (const row of INPUTS) {
      if (!('secret' in row)) continue;
      const secret = this.secretVariable(inputVariable(row.name));
      if (secret !== null) this.#given.set(row.name, secret);
    }
  }

  /** given is the input's own text; null if there is none. */
  given(name: PlainInput): string | null {
    return this.variable(inputVariable(name));
  }

  /** secret is a secret input; null if it is not given. */
  secret(name: SecretInput): Secret | null {
    return this.#given.get(name) ?? null;
  }

  /** parse reads an input, or its default. Null means: not given and without a default, or wrong and noted as a mistake. */
  parse<T>(name: PlainInput, parser: Parser<T>): T | null {
    const text = this.given(name) ?? ROWS.get(name)?.default;
    return text === undefined ? null : this.parseAs(name, text, parser);
  }

  /** defaultOf is the default of an input; empty if it has none. */
  defaultOf(name: PlainInput): string {
    return ROWS.get(name)?.default ?? '';
  }

  /**
   * parseAs parses a text on behalf of the input or variable `name`; null means wrong, and noted as a mistake. Quotes around a value are
   * one, whatever the parser says.
   */
  parseAs<T>(name: string, text: string, parser: Parser<T>): T | null {
    const parsed = parser(text);
    const list = ROWS.get(name)?.list;
    const quoted = list === undefined ? isQuoted(text) : list === 'strict' && isQuotedList(text);
    if (parsed.ok && !quoted) return parsed.value;
    this.mistake(name, parsed.ok ? text : parsed.wrong.given, parsed.ok || quoted ? NO_QUOTES : parsed.wrong.expected);
    return null;
  }

  /** variable reads an environment variable; null if it is unset or blank. */
  variable(name: string): string | null {
    return this.#env[name]?.trim() || null;
  }

  /** firstVariable reads the first variable of the list that is set. */
  firstVariable(names: readonly string[]): Variable | null {
    for (const name of names) {
      const text = this.variable(name);
      if (text !== null) return { name, text };
    }
    return null;
  }

  /** secretVariable reads a secret from an environment variable and masks it at once. */
  secretVariable(name: string): Secret | null {
    const text = this.variable(name);
    if (text === null) return null;
    if (destroysOutputs(text)) this.#short.add(nameOf(name));
    return this.#secrets.hide(text);
  }

  /** short names the inputs and variables whose secrets spoil other text when the runner masks them. */
  get short(): readonly string[] {
    return [...this.#short];
  }

  /** isCut returns whether something between runner and action has dropped all variables with a hyphen in their names. */
  get isCut(): boolean {
    const { GITHUB_ACTIONS, INPUT_STATUS } = this.#env;
    return (
      GITHUB_ACTIONS === 'true' &&
      INPUT_STATUS !== undefined &&
      INPUTS.every(({ name }) => !name.includes('-') || this.#env[inputVariable(name)] === undefined)
    );
  }

  /** isPadded returns whether a blank was removed from an end of the value of an input or variable. */
  isPadded(name: string): boolean {
    const text = this.#env[ROWS.has(name) ? inputVariable(name) : name] ?? '';
    return text.trim() !== '' && /^[\r\n]*[^\S\r\n]|[^\S\r\n][\r\n]*$/.test(text);
  }

  /** hide masks a secret that was found inside another value. */
  hide(text: string): void {
    this.#secrets.hide(text);
  }

  /** mistake notes what is wrong with an input or variable, or with several, joined by commas. */
  mistake(input: string, given: Wrong['given'], expected: string): void {
    this.#wrong.push({ input, wrong: { given, expected } });
  }

  /** note keeps a fact for log and summary. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** warn keeps a warning. */
  warn(text: string): void {
    this.#warnings.push(text);
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** count is how many mistakes were found so far. */
  get count(): number {
    return this.#wrong.length;
  }

  /**
   * mistakes gives all of them in the order of the table, free of every secret that was read, and short enough to print. If inputs were
   * dropped, nothing can be said about what is missing, only about what has arrived.
   */
  mistakes(): readonly Mistake[] {
    const rank = (input: string) => ROWS.get(input.split(',')[0] ?? '')?.rank ?? (input === CUT ? -1 : INPUTS.length);
    return this.#wrong
      .filter(({ input, wrong }) => !this.isCut || input === CUT || wrong.given !== null)
      .map(({ input, wrong }) => ({
        input,
        value: this.#show(wrong.given),
        expected: this.#secrets.redact(wrong.expected),
      }))
      .sort((a, b) => rank(a.input) - rank(b.input));
  }

  #show(given: Wrong['given']): string | null {
    if (given === null) return null;
    const pieces = typeof given === 'string' ? [given] : given;
    const shown = pieces.slice(0, MOST_PIECES).map((piece) => shorten(this.#secrets.redact(piece)));
    const rest = pieces.length - shown.length;
    return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  }
}

/** The variable in which the runner hands over an input: upper case, blanks as underscores, hyphens kept. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** The name of the input that a variable hands over, else the variable's own. */
function nameOf(variable: string): string {
  return INPUTS.find(({ name }) => inputVariable(name) === variable)?.name ?? variable;
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST_VALUE + 2));
  return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text;
}
