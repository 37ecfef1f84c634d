/**
 * The commit status that a run publishes, in state and words. Pure.
 */
import type { RunReport } from '../model.ts';
import { forStatus } from './escape.ts';
import { headline } from './headline.ts';
import { isUnproven, succeeds } from './wording.ts';

/** CommitStatus is a state, of those that GitHub knows, with its one-line description, ready to be sent. */
export interface CommitStatus {
  readonly state: 'pending' | 'success' | 'failure';
  readonly description: string;
}

/** pendingStatus is published at the start, so that an older verdict is never taken for this run's. */
export function pendingStatus(): CommitStatus {
  return { state: 'pending', description: 'Running: no verdict yet' };
}

/** statusFor is the final status of a run: green only for success. The text of an unproven success begins with "Not verified". */
export function statusFor(report: RunReport): CommitStatus {
  const { outcome } = report;
  const verdict = headline(report, (label) => label);
  return {
    state: outcome === 'success' ? 'success' : succeeds(outcome) ? 'pending' : 'failure',
    description: forStatus(isUnproven(report) ? `Not verified: ${verdict}` : verdict),
  };
}

/** unpublishedStatus is the final status of a run whose outputs could not be written. */
export function unpublishedStatus(): CommitStatus {
  return { state: 'failure', description: 'The outputs of the step could not be written' };
}
