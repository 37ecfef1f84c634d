/**
 * The time limits that depend on each other: `share-timeout` is a part of `timeout`.
 */
import type { InputReader } from './input-reader.ts';
import { parseDuration } from './parse.ts';
import { specOf } from './table.ts';

export interface Timeouts {
  /** Milliseconds; null if it is wrong, which was noted as a mistake. */
  readonly timeout: number | null;
  /** As it takes effect: never longer than `timeout`. */
  readonly shareTimeout: number | null;
}

/**
 * readTimeouts reads both. A `share-timeout` that equals its default counts as unset and is shortened to `timeout`: the runner hands over
 * the default as if it was given, and so do workflows that pass their own inputs on.
 * @param waits whether the run may wait for shares at all
 */
export function readTimeouts(reader: InputReader, waits: boolean): Timeouts {
  const timeout = reader.parse('timeout', parseDuration(1));
  const shareTimeout = reader.parse('share-timeout', parseDuration(0));
  if (timeout === null || shareTimeout === null) return { timeout, shareTimeout };
  const standard = parseDuration(0)(specOf('share-timeout')?.default ?? '');
  const isGiven = !standard.ok || standard.value !== shareTimeout;
  if (waits && isGiven && shareTimeout > timeout) {
    reader.mistake(
      'share-timeout',
      reader.given('share-timeout'),
      `Expected no more than \`timeout\`, which is \`${reader.given('timeout') ?? specOf('timeout')?.default}\` for the whole run: raise \`timeout\`, or lower this.`,
    );
  }
  return { timeout, shareTimeout: Math.min(shareTimeout, timeout) };
}
