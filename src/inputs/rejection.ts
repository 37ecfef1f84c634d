/**
 * The report of a run that did not start because its inputs are wrong.
 */

import type { Reading } from '../config.ts';
import { factsOf } from '../decide/facts.ts';
import { settle } from '../decide/settle.ts';
import type { RunReport } from '../model.ts';
import { isProjectId } from '../values.ts';

/** rejectedInputs reports every mistake as a problem, and all images and projects that could be read as blocked. */
export function rejectedInputs(
  { mistakes, known }: Extract<Reading, { ok: false }>,
  startedAt: number,
  endedAt: number,
): RunReport {
  const { images, status, mode } = known;
  const projects = known.projects.map((given) => ({
    given,
    id: isProjectId(given) ? given : null,
    name: null,
    region: null,
  }));
  const ids = projects.length === 0 ? [null] : projects.map(({ id }) => id);
  const progress = {
    status: status ?? 'accepted',
    mode: 'apply',
    blocked: true,
    wait: true,
    requireProof: true,
    readCure: '',
    stopped: null,
  } as const;
  return {
    outcome: 'blocked',
    changed: false,
    status,
    mode,
    projects,
    results: ids.flatMap((project) => images.map((image) => settle(factsOf(image, project), progress))),
    leftOut: [],
    jobIds: [],
    requestIds: [],
    problems: mistakes.map(({ input, value, expected }) => ({
      cause: `${input}${value === null ? '' : `: "${value}"`}`,
      cure: expected,
      code: null,
      requestId: null,
      title: mistakes.length === 1 ? 'a mistake in the inputs' : `${mistakes.length} mistakes in the inputs`,
    })),
    trustedOwners: [],
    manifests: [],
    login: null,
    jobWorkflowRef: null,
    warnings: known.warnings,
    notes: [],
    startedAt,
    endedAt,
  };
}
