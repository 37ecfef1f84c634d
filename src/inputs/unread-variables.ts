/**
 * The variables of the OpenStack and Huawei tools that this action knows but does not read: each is named in the errors that it may
 * explain.
 */
import { apiOf } from './api.ts';
import type { InputReader } from './input-reader.ts';
import { listed } from './parse.ts';

/** An error that a variable may explain if it is set and not read. */
export type Topic =
  | 'no credentials'
  | 'incomplete'
  | 'refused password'
  | 'refused keys'
  | 'agency'
  | 'project'
  | 'region'
  | 'certificate';

/** A variable that is not read; `but` completes "… is set, but". */
export interface UnreadVariable {
  readonly name: string;
  readonly explains: readonly Topic[];
  readonly but: string;
  /** With `api: openstack` it is read. */
  readonly imsOnly?: true;
}

function named(explains: readonly Topic[], but: string, ...names: string[]): readonly UnreadVariable[] {
  return names.map((name) => ({ name, explains, but }));
}

const forIms = (row: UnreadVariable): UnreadVariable => ({ ...row, imsOnly: true });

const LOGIN: readonly Topic[] = ['no credentials', 'incomplete'];
const ALL_OF_A_FILE: readonly Topic[] = [...LOGIN, 'project', 'region', 'agency'];
const BY_NAME = 'users and domains are read by name only: use `OS_USERNAME` and `OS_USER_DOMAIN_NAME`, or the inputs';
const KEYS =
  'keys are read from `OS_ACCESS_KEY` and `OS_SECRET_KEY`, and from the inputs `access-key` and `secret-key`';
const SECURITY_TOKEN =
  'it is not read: the token of temporary keys belongs into `security-token`, or into `OS_SECURITY_TOKEN` beside `OS_ACCESS_KEY`';

export const UNREAD_VARIABLES: readonly UnreadVariable[] = [
  ...named(
    ALL_OF_A_FILE,
    '`clouds.yaml` is not read: hand over what it holds as inputs',
    'OS_CLOUD',
    'OS_CLIENT_CONFIG_FILE',
  ),
  ...named(
    LOGIN,
    BY_NAME,
    'OS_USER_ID',
    'OS_DOMAIN_ID',
    'HW_USER_ID',
    'HW_DOMAIN_ID',
    'OS_DEFAULT_DOMAIN',
    'OS_DEFAULT_DOMAIN_ID',
    'OS_DEFAULT_DOMAIN_NAME',
  ),
  ...named(LOGIN, BY_NAME, 'OS_USER_DOMAIN_ID').map(forIms),
  ...named(
    [...LOGIN, 'refused password'],
    'a second factor cannot be given: use a user without MFA, or OIDC',
    'OS_PASSCODE',
  ),
  ...named(
    [...LOGIN, 'refused password', 'refused keys'],
    'it has no effect: the method follows from the credentials',
    'OS_AUTH_TYPE',
    'OS_AUTH_METHODS',
  ),
  ...named(
    LOGIN,
    'application credentials are read with `api: openstack` only',
    'OS_APPLICATION_CREDENTIAL_ID',
    'OS_APPLICATION_CREDENTIAL_SECRET',
  ).map(forIms),
  ...named(LOGIN, 'application credentials are read by ID only', 'OS_APPLICATION_CREDENTIAL_NAME'),
  ...named(
    LOGIN,
    'federated logins are given with `identity-provider`',
    'OS_IDENTITY_PROVIDER',
    'OS_PROTOCOL',
    'OS_ACCESS_TOKEN',
    'HUAWEICLOUD_SDK_IDP_ID',
    'HUAWEICLOUD_SDK_ID_TOKEN_FILE',
  ),
  ...named(
    ['project'],
    'it is read with `api: openstack` only: here a project belongs to the domain of the user, or of the agency',
    'OS_PROJECT_DOMAIN_ID',
  ).map(forIms),
  ...named(
    ['project'],
    'it has no effect: the member project is given as `project`',
    'OS_TRUST_ID',
    'OS_SYSTEM_SCOPE',
    'HW_ENTERPRISE_PROJECT_ID',
  ),
  ...named(
    ['region'],
    'services are found by `region`, or given as `ims-endpoint` and `auth-url`',
    'OS_ENDPOINT_TYPE',
    'OS_IMAGE_ENDPOINT_OVERRIDE',
    'HW_ENDPOINTS',
  ),
  ...named(
    ['certificate'],
    'further certificates are read from `NODE_EXTRA_CA_CERTS` only',
    'OS_CACERT',
    'OS_CERT',
    'OS_KEY',
    'HW_CACERT',
    'HW_CERT',
    'HW_KEY',
    'SSL_CERT_FILE',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
  ),
  ...named(
    ALL_OF_A_FILE,
    'configuration files are not read: hand over what they hold as inputs',
    'HW_PROFILE',
    'HW_SHARED_CONFIG_FILE',
    'HUAWEICLOUD_SDK_CREDENTIALS_FILE',
  ),
  ...named(LOGIN, 'tokens are read from `OS_TOKEN`, and from the input `token`', 'HW_AUTH_TOKEN', 'HW_TOKEN'),
  ...named(['agency'], 'accounts are read by name only', 'HW_ASSUME_ROLE_DOMAIN_ID', 'OS_AGENCY_DOMAIN_ID'),
  ...named(
    LOGIN,
    KEYS,
    'HUAWEICLOUD_ACCESS_KEY_ID',
    'HUAWEICLOUD_SECRET_ACCESS_KEY',
    'HUAWEICLOUD_ACCESS_KEY',
    'HUAWEICLOUD_SECRET_KEY',
    'HUAWEICLOUD_SDK_DOMAIN_ID',
    'CLOUD_SDK_AK',
    'CLOUD_SDK_SK',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ),
  ...named(
    [...LOGIN, 'refused keys'],
    SECURITY_TOKEN,
    'AWS_SESSION_TOKEN',
    'HUAWEI_CLOUD_SECURITY_TOKEN',
    'HUAWEICLOUD_SECURITY_TOKEN',
    'HUAWEICLOUD_SDK_SECURITY_TOKEN',
  ),
  ...named(['project'], 'projects are read from `OS_PROJECT_ID` and `OS_PROJECT_NAME`', 'HUAWEICLOUD_PROJECT_ID'),
  ...named(
    ['region'],
    'regions are read from `OS_REGION_NAME`, `HW_REGION_NAME` and `HUAWEI_CLOUD_REGION`',
    'HUAWEICLOUD_REGION',
    'HUAWEICLOUD_SDK_REGION',
  ),
];

/** unread names the variables that are set, are not read, and may explain an error: sentences with a blank in front, or nothing. */
export function unread(reader: InputReader, ...topics: readonly Topic[]): string {
  const isIms = apiOf(reader) !== 'openstack';
  const set = UNREAD_VARIABLES.filter(
    ({ name, explains, imsOnly }) =>
      explains.some((topic) => topics.includes(topic)) && reader.variable(name) !== null && (isIms || !imsOnly),
  );
  return [...Map.groupBy(set, ({ but }) => but)]
    .map(([but, rows]) => {
      const names = rows.map(({ name }) => name);
      return ` ${listed(names, 'and')} ${names.length === 1 ? 'is' : 'are'} set, but ${but}.`;
    })
    .join('');
}
