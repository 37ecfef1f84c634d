/**
 * The outputs of a run that could not begin: every output of `action.yml`. All are set in every run.
 */

export const NO_OUTPUTS = {
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

export type OutputName = keyof typeof NO_OUTPUTS;
