/**
 * The outputs of a run that could not begin.
 */
import type { OutputName } from './outputs.ts';

export const NO_OUTPUTS: Readonly<Record<OutputName, string>> = {
  outcome: 'blocked',
  verified: 'false',
  images: '[]',
  changed: 'false',
  'job-id': '',
  'job-ids': '[]',
  updated: '[]',
  unchanged: '[]',
  failed: '[]',
  results: '[]',
};
