/**
 * What every step of a run works with, and how it works on several projects.
 */
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { RunStopped } from '../deadline.ts';
import { isToChange } from '../decide/batches.ts';
import { pool } from '../pool.ts';
import type { Log } from '../report/log.ts';
import { explain, explainFor } from './explain.ts';
import type { OpenProject, RunRecord } from './record.ts';

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

/** forEachProject works on every project. A failure in one is noted and does not end the work on the others; the end of the run does. */
export async function forEachProject(
  context: RunContext,
  opened: readonly OpenProject[],
  work: (context: RunContext, member: OpenProject) => Promise<void>,
  atOnce = PROJECTS_AT_ONCE,
): Promise<void> {
  await pool(opened, atOnce, async (member) => {
    try {
      await work(context, member);
    } catch (error) {
      if (error instanceof RunStopped) throw error;
      noteFailure(context, member, error);
    }
  });
}

/** noteFailure records why the work on a project ended, for the run and for the images that were still to be changed. */
export function noteFailure({ record, config }: RunContext, member: OpenProject, error: unknown): void {
  record.problem(explainFor(member, record, error));
  if (record.blocked) return;
  const refusal = explain(error);
  const open = member.with(
    (facts) => facts.sent === 'no' && facts.refusal === null && isToChange(facts, config.status),
  );
  for (const image of open) member.note(image, { refusal });
}

/** unprovenBasis names what alone counts if a change cannot be proven. */
export function unprovenBasis({ api }: Config): string {
  return api === 'ims' ? 'the job status' : 'the answer to the change';
}

/** warn puts a warning into the log and into the summary. */
export function warn({ log, record }: RunContext, text: string): void {
  log.warning(text);
  record.warnings.push(text);
}

/** remark puts a fact into the log and into the summary. */
export function remark({ log, record }: RunContext, text: string): void {
  log.line(text);
  record.notes.push(text);
}
