/**
 * All scenarios, in the order in which they are run.
 */
import { CHANGES, STATES } from './changes.ts';
import { LOGINS } from './logins.ts';
import { CLIENT, LISTS, MISTAKES, PROJECTS } from './selection.ts';
import type { Scenario } from './shape.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...LOGINS,
  ...CHANGES,
  ...STATES,
  ...LISTS,
  ...PROJECTS,
  ...CLIENT,
  ...MISTAKES,
];
