/**
 * The report of a run that did not start because its inputs are wrong.
 */

import type { Reading } from '../config.ts';
import { factsOf } from '../decide/facts.ts';
import { type RunProgress, settle } from '../decide/settle.ts';
import type { RunReport } from '../model.ts';
import { problem } from '../problem.ts';
import { isProjectId } from '../values.ts';

/** rejectedInputs reports every mistake as a problem, and all images and projects that could be read as blocked. */
export function rejectedInputs(
  { mistakes, known }: Extract<Reading, { ok: false }>,
  startedAt: number,
  endedAt: number,
): RunReport {
  const { images, status, mode, warnings } = known;
  const projects = known.projects.map((given) => {
    return { given, id: isProjectId(given) ? given : null, name: null, region: null };
  });
  const ids = projects.length === 0 ? [null] : projects.map(({ id }) => id);
  const asked = { status: status ?? 'accepted', mode: 'apply', wait: true, requireProof: true } as const;
  const progress: RunProgress = { ...asked, readCure: '', blocked: true, stopped: null };
  const title = mistakes.length === 1 ? 'a mistake in the inputs' : `${mistakes.length} mistakes in the inputs`;
  return {
    outcome: 'blocked',
    changed: false,
    status,
    mode,
    projects,
    results: ids.flatMap((project) => images.map((image) => settle(factsOf(image), progress, project))),
    leftOut: [],
    jobIds: [],
    requestIds: [],
    problems: mistakes.map(({ input, value, expected }) =>
      problem({ title, cause: `${input}${value === null ? '' : `: "${value}"`}`, cure: expected }),
    ),
    trustedOwners: [],
    manifests: [],
    login: null,
    jobWorkflowRef: null,
    warnings,
    notes: [],
    startedAt,
    endedAt,
  };
}
