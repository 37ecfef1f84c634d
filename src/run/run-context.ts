/**
 * What every step of a run works with.
 */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../report/log.ts';
import type { RunRecord } from './record.ts';

export interface RunContext {
  readonly config: Config;
  readonly record: RunRecord;
  readonly log: Log;
  readonly clock: Clock;
  /** Ends with the run. */
  readonly signal: AbortSignal;
}

/** Projects that are worked on at the same time. */
export const PROJECTS_AT_ONCE = 4;

/** unprovenBasis says what is left to go by if a change cannot be proven. */
export function unprovenBasis({ api }: Config): string {
  return api === 'ims' ? 'the job status' : 'the answer to the change';
}

/** warn puts a warning into the log and into the summary. */
export function warn({ log, record }: RunContext, text: string): void {
  log.warning(text);
  record.warnings.push(text);
}
