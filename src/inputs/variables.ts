/**
 * Every variable of the OpenStack and Huawei tools that this action knows: each one is read, or named in the errors that it may
 * explain.
 */
import type { InputReader } from './input-reader.ts';
import { listed } from './parse.ts';

/** The tools' families of variables, in the order that counts if the credentials come from none of them. */
export const FAMILY_NAMES = ['OS', 'HW', 'HUAWEI_CLOUD', 'HUAWEICLOUD_SDK'] as const;
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** The parts of a login; inputs have the same names. */
export type SecretPart = 'token' | 'password' | 'access-key' | 'secret-key' | 'security-token';
export type PlainPart = 'username' | 'domain' | 'identity-provider' | 'audience';
export type Part = SecretPart | PlainPart;

/** What a variable holds: a part of a login, a part of the place, or something that is compared with what is used. */
export type Role =
  | Part
  | 'auth-url'
  | 'project'
  | 'region'
  | 'agency-name'
  | 'agency-domain'
  | 'delegated-project'
  | 'project-domain'
  | 'cloud'
  | 'insecure';

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

/** A variable that is read. */
export interface ReadVariable {
  readonly name: string;
  readonly family: FamilyName;
  readonly role: Role;
}

/** A variable that is not read; `but` completes "… is set, but". */
export interface UnreadVariable {
  readonly name: string;
  readonly explains: readonly Topic[];
  readonly but: string;
}

function read(family: FamilyName, role: Role, ...names: string[]): readonly ReadVariable[] {
  return names.map((name) => ({ name, family, role }));
}

/** In the order of preference within a family and role. */
export const READ_VARIABLES: readonly ReadVariable[] = [
  ...read('OS', 'token', 'OS_TOKEN', 'OS_AUTH_TOKEN'),
  ...read('OS', 'username', 'OS_USERNAME'),
  ...read('OS', 'password', 'OS_PASSWORD'),
  ...read('OS', 'domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'),
  ...read('OS', 'access-key', 'OS_ACCESS_KEY'),
  ...read('OS', 'secret-key', 'OS_SECRET_KEY'),
  ...read('OS', 'security-token', 'OS_SECURITY_TOKEN'),
  ...read('OS', 'auth-url', 'OS_AUTH_URL'),
  ...read('OS', 'project', 'OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'),
  ...read('OS', 'region', 'OS_REGION_NAME', 'OS_REGION'),
  ...read('OS', 'agency-name', 'OS_AGENCY_NAME'),
  ...read('OS', 'agency-domain', 'OS_AGENCY_DOMAIN_NAME'),
  ...read('OS', 'delegated-project', 'OS_DELEGATED_PROJECT'),
  ...read('OS', 'project-domain', 'OS_PROJECT_DOMAIN_NAME'),
  ...read('OS', 'insecure', 'OS_INSECURE'),
  ...read('HW', 'username', 'HW_USER_NAME'),
  ...read('HW', 'password', 'HW_USER_PASSWORD'),
  ...read('HW', 'domain', 'HW_DOMAIN_NAME'),
  ...read('HW', 'access-key', 'HW_ACCESS_KEY'),
  ...read('HW', 'secret-key', 'HW_SECRET_KEY'),
  ...read('HW', 'security-token', 'HW_SECURITY_TOKEN'),
  ...read('HW', 'auth-url', 'HW_AUTH_URL'),
  ...read('HW', 'project', 'HW_PROJECT_ID', 'HW_PROJECT_NAME'),
  ...read('HW', 'region', 'HW_REGION_NAME'),
  ...read('HW', 'agency-name', 'HW_ASSUME_ROLE_AGENCY_NAME'),
  ...read('HW', 'agency-domain', 'HW_ASSUME_ROLE_DOMAIN_NAME'),
  ...read('HW', 'cloud', 'HW_CLOUD'),
  ...read('HW', 'insecure', 'HW_INSECURE'),
  ...read('HUAWEI_CLOUD', 'access-key', 'HUAWEI_CLOUD_ACCESS_KEY_ID'),
  ...read('HUAWEI_CLOUD', 'secret-key', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY'),
  ...read('HUAWEI_CLOUD', 'project', 'HUAWEI_CLOUD_PROJECT_ID'),
  ...read('HUAWEI_CLOUD', 'region', 'HUAWEI_CLOUD_REGION'),
  ...read('HUAWEICLOUD_SDK', 'access-key', 'HUAWEICLOUD_SDK_AK'),
  ...read('HUAWEICLOUD_SDK', 'secret-key', 'HUAWEICLOUD_SDK_SK'),
  ...read('HUAWEICLOUD_SDK', 'project', 'HUAWEICLOUD_SDK_PROJECT_ID'),
];

function named(explains: readonly Topic[], but: string, ...names: string[]): readonly UnreadVariable[] {
  return names.map((name) => ({ name, explains, but }));
}

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
  ...named(LOGIN, BY_NAME, 'OS_USER_ID', 'OS_USER_DOMAIN_ID', 'OS_DOMAIN_ID', 'HW_USER_ID', 'HW_DOMAIN_ID'),
  ...named(LOGIN, BY_NAME, 'OS_DEFAULT_DOMAIN', 'OS_DEFAULT_DOMAIN_ID', 'OS_DEFAULT_DOMAIN_NAME'),
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
    'OS_APPLICATION_CREDENTIAL_NAME',
    'OS_APPLICATION_CREDENTIAL_SECRET',
  ),
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
  ),
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

/** namesOf gives the variables of some roles, those of the preferred family first. */
export function namesOf(roles: readonly Role[], preferred: FamilyName | null): readonly string[] {
  const rows = roles.flatMap((role) => READ_VARIABLES.filter((row) => row.role === role));
  const rank = ({ family }: ReadVariable) => (family === preferred ? -1 : FAMILY_NAMES.indexOf(family));
  return rows
    .toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || rank(a) - rank(b))
    .map(({ name }) => name);
}

/** unread names the variables that are set, are not read, and may explain an error: sentences with a blank in front, or nothing. */
export function unread(reader: InputReader, ...topics: readonly Topic[]): string {
  const set = UNREAD_VARIABLES.filter(
    ({ name, explains }) => explains.some((topic) => topics.includes(topic)) && reader.variable(name) !== null,
  );
  return [...Map.groupBy(set, ({ but }) => but)]
    .map(([but, rows]) => {
      const names = rows.map(({ name }) => name);
      return ` ${listed(names, 'and')} ${names.length === 1 ? 'is' : 'are'} set, but ${but}.`;
    })
    .join('');
}

/** warnOfInsecure says that nothing switches the check of certificates off. */
export function warnOfInsecure(reader: InputReader): void {
  const set = namesOf(['insecure'], null).filter(
    (name) => !/^(|0|f|false|n|no|off)$/i.test(reader.variable(name) ?? ''),
  );
  if (set.length === 0) return;
  reader.warn(
    `${listed(set, 'and')} ${set.length === 1 ? 'has' : 'have'} no effect: certificates are always checked. If a private authority signs them, name its certificate in \`NODE_EXTRA_CA_CERTS\`.`,
  );
}
