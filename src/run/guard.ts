/**
 * A failure in one project is noted and does not end the work on the others. The end of the run does.
 */
import { RunStopped } from '../deadline.ts';
import { isToChange } from '../decide/batches.ts';
import { explain, explainFor } from './explain.ts';
import type { OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/** guard works on one project and notes its failure. Throws only if the run has ended. */
export async function guard(
  context: RunContext,
  member: OpenProject,
  work: (context: RunContext, member: OpenProject) => Promise<void>,
): Promise<void> {
  try {
    await work(context, member);
  } catch (error) {
    if (error instanceof RunStopped) throw error;
    noteFailure(context, member, error);
  }
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
