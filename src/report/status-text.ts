/**
 * The commit status that a run publishes, in state and words. Pure.
 */
import type { Outcome, RunReport } from '../model.ts';
import { forStatus } from './escape.ts';
import { headline } from './headline.ts';
import { isUnproven } from './wording.ts';

/** StatusState is what this action uses of GitHub's states. */
export type StatusState = 'pending' | 'success' | 'failure';

/** CommitStatus is a state with its one-line description, ready to be sent. */
export interface CommitStatus {
  readonly state: StatusState;
  readonly description: string;
}

/** pendingStatus is published at the start, so that an older verdict is never taken for this run's. */
export function pendingStatus(): CommitStatus {
  return { state: 'pending', description: 'Running: no verdict yet' };
}

/** statusFor is the final status of a run: green only for success. The text of an unproven success begins with "Not verified". */
export function statusFor(report: RunReport): CommitStatus {
  const verdict = headline(report, (label) => label);
  return {
    state: stateOf(report.outcome),
    description: forStatus(isUnproven(report) ? `Not verified: ${verdict}` : verdict),
  };
}

/** unpublishedStatus is the final status of a run whose outputs could not be written. */
export function unpublishedStatus(): CommitStatus {
  return { state: 'failure', description: 'The outputs of the step could not be written' };
}

function stateOf(outcome: Outcome): StatusState {
  switch (outcome) {
    case 'success':
      return 'success';
    case 'planned':
    case 'submitted':
      return 'pending';
    case 'partial':
    case 'failure':
    case 'blocked':
    case 'timeout':
    case 'cancelled':
      return 'failure';
  }
}
