/**
 * What the tests of inputs share: a complete set of inputs, and a reading with a record of what was masked.
 */
import type { Config, Mistake, Reading } from '../../../src/config.ts';
import { readInputs } from '../../../src/inputs/index.ts';
import type { Parsed } from '../../../src/inputs/parse.ts';
import { UNREAD_VARIABLES } from '../../../src/inputs/unread-variables.ts';
import { SecretRegistry } from '../../../src/secret.ts';

export const IMAGE_A = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';
export const IMAGE_B = '0b680482-acaa-4045-b14c-9a8c7dfe9c70';
export const PROJECT = 'edc89b490d7d4392898e19b2deb34797';

export const unreadNames = UNREAD_VARIABLES.flatMap(([names]) => names.split(' '));

/** November 2026; nothing but the age of a manifest depends on it. */
const NOW = 1_795_000_000_000;

type Values = Readonly<Record<string, string | undefined>>;

/** inputs gives inputs the names of their variables. */
export function inputs(values: Values): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

const COMPLETE = { images: IMAGE_A, project: PROJECT, region: 'eu-de', token: 'gAAAA-token' };

/** read reads inputs on top of a complete set (undefined takes one away), with variables beside them. */
export function read(values: Values = {}, variables: Values = {}): Reading & { readonly masked: readonly string[] } {
  return readEnv({ ...inputs({ ...COMPLETE, ...values }), ...variables });
}

/** readEnv reads an environment as it is. */
export function readEnv(env: Values): Reading & { readonly masked: readonly string[] } {
  const masked: string[] = [];
  const book = new SecretRegistry(() => {});
  const hide: SecretRegistry['hide'] = (value) => {
    masked.push(value);
    return book.hide(value);
  };
  const reading = readInputs(env, { hide, redact: (text) => book.redact(text) }, NOW);
  return { ...reading, masked };
}

/** configOf gives the configuration, or fails with the mistakes. */
export function configOf(reading: Reading): Config {
  if (reading.ok) return reading.config;
  throw new Error(`wrong: ${JSON.stringify(reading.mistakes, null, 1)}`);
}

/** mistakesOf gives the mistakes; none if the reading is right. */
export function mistakesOf(reading: Reading): readonly Mistake[] {
  return reading.ok ? [] : reading.mistakes;
}

/** onlyMistake gives the single mistake, or fails. */
export function onlyMistake(reading: Reading): Mistake {
  const [mistake, ...others] = mistakesOf(reading);
  if (mistake !== undefined && others.length === 0) return mistake;
  throw new Error(`not one mistake: ${JSON.stringify(mistakesOf(reading), null, 1)}`);
}

/** resultOf gives what was parsed, or `wrong`. */
export function resultOf<T>(parsed: Parsed<T>): T | 'wrong' {
  return parsed.ok ? parsed.value : 'wrong';
}

/** sayingOf gives what a parser says is wrong, as one text; empty if nothing is. */
export function sayingOf(parsed: Parsed<unknown>): string {
  return parsed.ok ? '' : `${[parsed.wrong.given].flat().join('; ')} | ${parsed.wrong.expected}`;
}
