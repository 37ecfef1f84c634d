/**
 * An error with a readable text: what went wrong and what to do about it.
 */
import type { Problem } from './model.ts';

/** problem makes a Problem from what is known of it; a code and a request ID are optional. */
export function problem(facts: Pick<Problem, 'cause' | 'cure'> & Partial<Problem>): Problem {
  return { code: null, requestId: null, ...facts };
}

export const REPORT_BUG = 'This is a bug of the action: please open an issue with the debug log of this run.';

/** unexpected explains an error that nothing has foreseen. */
export function unexpected(error: unknown): Problem {
  return problem({
    cause: `Something unexpected happened: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`,
    cure: REPORT_BUG,
  });
}

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(facts: Parameters<typeof problem>[0], options?: ErrorOptions) {
    super(facts.cause, options);
    this.name = 'ProblemError';
    this.problem = problem(facts);
  }
}
