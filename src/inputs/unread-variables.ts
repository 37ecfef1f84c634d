/**
 * The variables of the OpenStack and Huawei tools that this action knows but does not read: each is named in the errors that it may
 * explain.
 */
import type { InputReader } from './input-reader.ts';
import { theseAre } from './parse.ts';
import { isRead, READ_VARIABLES } from './variables.ts';

/** An error that a variable may explain if it is set and not read. */
export type Topic = 'login' | 'refused password' | 'refused keys' | 'agency' | 'project' | 'region' | 'certificate';

const ALL_OF_A_FILE: readonly Topic[] = ['login', 'project', 'region', 'agency'];

/**
 * The names are separated by blanks, `but` completes "… is set, but". Those that are read with `api: openstack` are in the table of
 * variables that are read as well.
 */
export const UNREAD_VARIABLES: readonly (readonly [names: string, but: string, explains: readonly Topic[]])[] = [
  ['OS_CLOUD OS_CLIENT_CONFIG_FILE', '`clouds.yaml` is not read: hand over what it holds as inputs', ALL_OF_A_FILE],
  [
    'OS_USER_ID OS_DOMAIN_ID HW_USER_ID HW_DOMAIN_ID OS_DEFAULT_DOMAIN OS_DEFAULT_DOMAIN_ID ' +
      'OS_DEFAULT_DOMAIN_NAME OS_USER_DOMAIN_ID',
    'users and domains are read by name only: use `OS_USERNAME` and `OS_USER_DOMAIN_NAME`, or the inputs',
    ['login'],
  ],
  ['OS_PASSCODE', 'a second factor cannot be given: use a user without MFA, or OIDC', ['login', 'refused password']],
  [
    'OS_AUTH_TYPE OS_AUTH_METHODS',
    'it has no effect: the method follows from the credentials',
    ['login', 'refused password', 'refused keys'],
  ],
  [
    'OS_APPLICATION_CREDENTIAL_ID OS_APPLICATION_CREDENTIAL_SECRET',
    'application credentials are read with `api: openstack` only',
    ['login'],
  ],
  ['OS_APPLICATION_CREDENTIAL_NAME', 'application credentials are read by ID only', ['login']],
  [
    'OS_IDENTITY_PROVIDER OS_PROTOCOL OS_ACCESS_TOKEN HUAWEICLOUD_SDK_IDP_ID HUAWEICLOUD_SDK_ID_TOKEN_FILE',
    'federated logins are given with `identity-provider`',
    ['login'],
  ],
  [
    'OS_PROJECT_DOMAIN_ID',
    'it is read with `api: openstack` only: here a project belongs to the domain of the user, or of the agency',
    ['project'],
  ],
  [
    'OS_TRUST_ID OS_SYSTEM_SCOPE HW_ENTERPRISE_PROJECT_ID',
    'it has no effect: the member project is given as `project`',
    ['project'],
  ],
  [
    'OS_ENDPOINT_TYPE OS_IMAGE_ENDPOINT_OVERRIDE HW_ENDPOINTS',
    'services are found by `region`, or given as `ims-endpoint` and `auth-url`',
    ['region'],
  ],
  [
    'OS_CACERT OS_CERT OS_KEY HW_CACERT HW_CERT HW_KEY SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
    'further certificates are read from `NODE_EXTRA_CA_CERTS` only',
    ['certificate'],
  ],
  [
    'HW_PROFILE HW_SHARED_CONFIG_FILE HUAWEICLOUD_SDK_CREDENTIALS_FILE',
    'configuration files are not read: hand over what they hold as inputs',
    ALL_OF_A_FILE,
  ],
  ['HW_AUTH_TOKEN HW_TOKEN', 'tokens are read from `OS_TOKEN`, and from the input `token`', ['login']],
  ['HW_ASSUME_ROLE_DOMAIN_ID OS_AGENCY_DOMAIN_ID', 'accounts are read by name only', ['agency']],
  [
    'HUAWEICLOUD_ACCESS_KEY_ID HUAWEICLOUD_SECRET_ACCESS_KEY HUAWEICLOUD_ACCESS_KEY HUAWEICLOUD_SECRET_KEY ' +
      'HUAWEICLOUD_SDK_DOMAIN_ID CLOUD_SDK_AK CLOUD_SDK_SK AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY',
    'keys are read from `OS_ACCESS_KEY` and `OS_SECRET_KEY`, and from the inputs `access-key` and `secret-key`',
    ['login'],
  ],
  [
    'AWS_SESSION_TOKEN HUAWEI_CLOUD_SECURITY_TOKEN HUAWEICLOUD_SECURITY_TOKEN HUAWEICLOUD_SDK_SECURITY_TOKEN',
    'it is not read: the token of temporary keys belongs into `security-token`, or into `OS_SECURITY_TOKEN` beside `OS_ACCESS_KEY`',
    ['login', 'refused keys'],
  ],
  ['HUAWEICLOUD_PROJECT_ID', 'projects are read from `OS_PROJECT_ID` and `OS_PROJECT_NAME`', ['project']],
  [
    'HUAWEICLOUD_REGION HUAWEICLOUD_SDK_REGION',
    'regions are read from `OS_REGION_NAME`, `HW_REGION_NAME` and `HUAWEI_CLOUD_REGION`',
    ['region'],
  ],
];

/** unread names the variables that are set, are not read, and may explain an error: sentences with a blank in front, or nothing. */
export function unread(reader: InputReader, ...topics: readonly Topic[]): string {
  const read = new Set(READ_VARIABLES.filter((row) => isRead(row, reader.api)).map(({ name }) => name));
  return UNREAD_VARIABLES.filter(([, , explains]) => explains.some((topic) => topics.includes(topic)))
    .map(([names, but]) => ({
      but,
      set: names.split(' ').filter((name) => reader.variable(name) !== null && !read.has(name)),
    }))
    .map(({ but, set }) => (set.length === 0 ? '' : ` ${theseAre(set)} set, but ${but}.`))
    .join('');
}
