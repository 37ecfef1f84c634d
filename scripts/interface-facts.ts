/**
 * What the tables of the README add to action.yml: types, when an input is required, and an example value for each output.
 */

export interface InputFacts {
  readonly type: string;
  /** Empty if the input is optional. */
  readonly required: string;
}

const optional = (type: string): InputFacts => ({ type, required: '' });
const required = (type: string, when: string): InputFacts => ({ type, required: when });

const ONE_SELECTION = 'one of the three';

/** INPUT_FACTS by the input's name. A test compares the names with action.yml. */
export const INPUT_FACTS: Readonly<Record<string, InputFacts>> = {
  images: required('list of UUIDs', ONE_SELECTION),
  manifest: required('list of paths', ONE_SELECTION),
  'manifest-builds': optional('list of names'),
  'min-images': optional('number'),
  'match-name': required('glob', ONE_SELECTION),
  'if-none': optional('`fail`, `pass`'),
  status: optional('`accepted`, `rejected`'),
  mode: optional('`apply`, `plan`, `check`'),
  project: required('list of IDs or names', 'unless the credentials carry it'),
  vault: required('ID, or lines `project=ID`', 'for full-ECS images'),
  api: optional('`ims`, `openstack`'),
  'project-domain': optional('name'),
  region: optional('name'),
  'ims-endpoint': optional('URL'),
  'auth-url': optional('URL'),
  token: required('secret', 'method token'),
  username: required('name', 'method password'),
  password: required('secret', 'method password'),
  domain: required('name', 'method password'),
  'access-key': required('secret', 'method AK/SK'),
  'secret-key': required('secret', 'method AK/SK'),
  'security-token': required('secret', 'temporary keys'),
  'identity-provider': required('name', 'method OIDC'),
  audience: optional('text'),
  'application-credential-id': required('ID', 'method application credential'),
  'application-credential-secret': required('secret', 'method application credential'),
  'agency-name': optional('name'),
  'agency-domain': required('name', 'with `agency-name`'),
  'trusted-owners': required('list of project IDs', 'to accept by `match-name`'),
  'require-proof': optional('boolean'),
  'share-timeout': optional('duration'),
  timeout: optional('duration'),
  wait: optional('boolean'),
  summary: optional('boolean'),
  'results-file': optional('path'),
  'commit-status': optional('text'),
  'commit-sha': optional('40 hex digits'),
  'github-token': optional('secret'),
  'poll-interval': optional('duration'),
  'request-timeout': optional('duration'),
  retries: optional('number'),
};

/** OUTPUT_EXAMPLES by the output's name: what a run over two images, one of them accepted before, gives. */
export const OUTPUT_EXAMPLES: Readonly<Record<string, string>> = {
  outcome: 'success',
  verified: 'true',
  images: '["6d2a4b8e-…","9f1c2d3e-…"]',
  changed: 'true',
  'job-id': '4010a32b535c6d3e',
  'job-ids': '["4010a32b535c6d3e"]',
  updated: '["6d2a4b8e-…"]',
  unchanged: '["9f1c2d3e-…"]',
  failed: '[]',
  results: '[{"image":"6d2a4b8e-…","project":"edc8…","outcome":"updated","verified":true}]',
};
