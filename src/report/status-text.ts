/**
 * The commit status that a run publishes, in state and words. Pure.
 */
import type { Outcome, RunReport } from '../model.ts';
import { forStatus } from './escape.ts';
import { headline } from './wording.ts';

/** StatusState is what this action uses of GitHub's states. */
export type StatusState = 'pending' | 'success' | 'failure';

/** CommitStatus is a state with its one-line description, ready to be sent. */
export interface CommitStatus {
  readonly state: StatusState;
  readonly description: string;
}

/** pendingStatus is published at the start, so that a gate never takes an older verdict for this run's. */
export function pendingStatus(): CommitStatus {
  return { state: 'pending', description: 'Looking at the images' };
}

/** statusFor is the final status of a run: green for proven success alone. */
export function statusFor(report: RunReport): CommitStatus {
  return { state: stateOf(report.outcome), description: forStatus(headline(report, (label) => label)) };
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
