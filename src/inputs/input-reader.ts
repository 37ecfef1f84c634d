/**
 * Reads inputs and the variables that stand in for them, and collects mistakes.
 */
import type { Mistake } from '../config.ts';
import type { Api } from '../model.ts';
import { destroysOutputs, type Secret, type Secrets } from '../secret.ts';
import { choice, isQuoted, isQuotedList, NO_QUOTES, type Parser, type Wrong } from './parse.ts';
import { INPUTS, isSecretInput, type PlainInput, specOf } from './table.ts';
import { type FamilyName, familiesFrom, namesOf, type Role } from './variables.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A value with the name of the input or variable that it came from. */
export interface Variable {
  readonly name: string;
  readonly text: string;
}

/** The name under which it is a mistake that inputs were dropped. */
export const CUT = 'inputs with a hyphen';

/** Longer values and pieces are cut: a mistake has to fit an annotation. */
const LONGEST_VALUE = 120;
const MOST_PIECES = 5;

/**
 * InputReader gives inputs and variables trimmed (empty means unset), and collects what is wrong with them.
 * Secret inputs are masked when the reader is made, before anything can fail or print; secret variables when they are read.
 */
export class InputReader {
  readonly #env: Env;
  readonly #secrets: Secrets;
  readonly #wrong: (Wrong & { readonly input: string })[] = [];

  /** Facts for log and summary. */
  readonly notes: string[] = [];
  readonly warnings: string[] = [];
  /** The inputs and variables whose secrets spoil other text when the runner masks them. */
  readonly short = new Set<string>();
  /** Which API the cloud offers, which decides about most other inputs; IMS if that is wrong. */
  readonly api: Api;

  constructor(env: Env, secrets: Secrets) {
    this.#env = env;
    this.#secrets = secrets;
    for (const { name } of INPUTS) if (isSecretInput(name)) this.secret(name);
    this.api = this.parse('api', choice<Api>({ ims: 'ims', openstack: 'openstack' })) ?? 'ims';
  }

  /** variable reads an environment variable, or an input by its name; null if it is unset or blank, or if there is no name. */
  variable(name: string | undefined): string | null {
    return this.#raw(name ?? '').trim() || null;
  }

  /** set gives those inputs and variables of a list that are set, in its order. */
  set(names: readonly string[]): readonly Variable[] {
    return names.flatMap((name) => {
      const text = this.variable(name);
      return text === null ? [] : [{ name, text }];
    });
  }

  /** variables gives those of some roles that are set and read with the run's API, those of the preferred family first. */
  variables(roles: readonly Role[], preferred: FamilyName | null): readonly Variable[] {
    return this.set(roles.flatMap((role) => namesOf(this.api, role, familiesFrom(preferred))));
  }

  /** candidates gives an input and the variables that may stand in for it, as far as they are set, in the order in which they count. */
  candidates(name: PlainInput, preferred: FamilyName | null = null): readonly Variable[] {
    return [...this.set([name]), ...this.variables([name], preferred)];
  }

  /** given is the input's own text; null if there is none. */
  given(name: PlainInput): string | null {
    return this.variable(name);
  }

  /** secret reads a secret from an input or variable and masks it at once. */
  secret(name: string | undefined): Secret | null {
    const text = this.variable(name);
    if (name === undefined || text === null) return null;
    if (destroysOutputs(text)) this.short.add(name);
    return this.#secrets.hide(text);
  }

  /** parse reads an input, or its default. Null means: not given and without a default, or wrong and noted as a mistake. */
  parse<T>(name: PlainInput, parser: Parser<T>): T | null {
    return this.#parse(name, this.given(name) ?? specOf(name)?.default ?? null, parser);
  }

  /** parseVariable does the same for a variable, or for an input without a default. */
  parseVariable<T>(name: string | undefined, parser: Parser<T>): T | null {
    return this.#parse(name ?? '', this.variable(name), parser);
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
    const text = this.#raw(name);
    return text.trim() !== '' && /^[\r\n]*[^\S\r\n]|[^\S\r\n][\r\n]*$/.test(text);
  }

  /** hide masks a secret that was found inside another value. */
  hide(text: string): void {
    this.#secrets.hide(text);
  }

  /** mistake notes what is wrong with an input or variable, or with several, joined by commas. */
  mistake(input: string, given: Wrong['given'], expected: string): void {
    this.#wrong.push({ input, given, expected });
  }

  note(text: string): void {
    this.notes.push(text);
  }

  warn(text: string): void {
    this.warnings.push(text);
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
    const order: readonly string[] = [CUT, ...INPUTS.map(({ name }) => name)];
    const rank = ({ input }: Mistake) => {
      const at = order.indexOf(input.split(',', 1)[0] ?? '');
      return at < 0 ? order.length : at;
    };
    return this.#wrong
      .filter(({ input, given }) => !this.isCut || input === CUT || given !== null)
      .map(({ input, given, expected }) => ({
        input,
        value: this.#show(given),
        expected: this.#secrets.redact(expected),
      }))
      .sort((a, b) => rank(a) - rank(b));
  }

  #raw(name: string): string {
    return this.#env[specOf(name) === undefined ? name : inputVariable(name)] ?? '';
  }

  /** Quotes around a value are a mistake, whatever the parser says. */
  #parse<T>(name: string, text: string | null, parser: Parser<T>): T | null {
    if (text === null) return null;
    const parsed = parser(text);
    const list = specOf(name)?.list;
    const quoted = list === undefined ? isQuoted(text) : list === 'strict' && isQuotedList(text);
    if (parsed.ok && !quoted) return parsed.value;
    this.mistake(name, parsed.ok ? text : parsed.wrong.given, parsed.ok || quoted ? NO_QUOTES : parsed.wrong.expected);
    return null;
  }

  #show(given: Wrong['given']): string | null {
    if (given === null) return null;
    const pieces = [given].flat();
    const shown = pieces.slice(0, MOST_PIECES).map((piece) => shorten(this.#secrets.redact(piece)));
    const rest = pieces.length - shown.length;
    return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  }
}

/** The variable in which the runner hands over an input: upper case, hyphens kept. */
function inputVariable(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST_VALUE + 2));
  return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text;
}
