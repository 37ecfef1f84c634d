/**
 * An error that already knows, in words for people, what went wrong and what to do about it.
 */
import type { Problem } from './model.ts';

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Pick<Problem, 'cause' | 'cure'> & Partial<Problem>, options?: ErrorOptions) {
    super(problem.cause, options);
    this.name = 'ProblemError';
    this.problem = { code: null, requestId: null, ...problem };
  }
}
