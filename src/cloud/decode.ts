/**
 * Reading `unknown` data from the wire: each function gives the value in the wanted type, or null. None throws.
 */
import type { Redact } from '../secret.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** fieldsOf gives an object's fields, and an empty object for anything else, so that look-ups can be chained. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** listOf gives an array's items, and an empty array for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** textOf gives a non-empty string. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** firstText gives the first of some values that is a non-empty string. */
export function firstText(...values: readonly unknown[]): string | null {
  return values.map(textOf).find((text) => text !== null) ?? null;
}

/** In UTF-16 units. The API allows names of 128 characters; a glob over megabytes would hold the run up. */
const LONGEST_NAME = 1024;

/** nameOf gives a name that another tenant chose, cut visibly if it is longer than any real one. */
export function nameOf(value: unknown, redact: Redact): string | null {
  const name = textOf(value);
  if (name === null || name.length <= LONGEST_NAME) return name;
  return `${redact(name).slice(0, LONGEST_NAME).toWellFormed()}… (cut, ${name.length} characters)`;
}

/** flagOf reads the booleans of image records, which come as `true` or as `"true"` (OTC IMS API reference, image attributes). */
export function flagOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}
