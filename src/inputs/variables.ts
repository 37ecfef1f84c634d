/**
 * The variables of the OpenStack and Huawei tools that this action reads.
 */

/** The tools' families of variables, in the order that counts if the credentials come from none of them. */
export const FAMILY_NAMES = ['OS', 'HW', 'HUAWEI_CLOUD', 'HUAWEICLOUD_SDK'] as const;
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** The parts of a login; inputs have the same names. */
export type SecretPart =
  | 'token'
  | 'password'
  | 'access-key'
  | 'secret-key'
  | 'security-token'
  | 'application-credential-secret';
export type PlainPart = 'username' | 'domain' | 'identity-provider' | 'audience' | 'application-credential-id';
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

/** A variable that is read. */
export interface ReadVariable {
  readonly name: string;
  readonly family: FamilyName;
  readonly role: Role;
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

/** namesOf gives the variables of some roles, those of the preferred family first. */
export function namesOf(roles: readonly Role[], preferred: FamilyName | null): readonly string[] {
  const rows = roles.flatMap((role) => READ_VARIABLES.filter((row) => row.role === role));
  const rank = ({ family }: ReadVariable) => (family === preferred ? -1 : FAMILY_NAMES.indexOf(family));
  return rows
    .toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || rank(a) - rank(b))
    .map(({ name }) => name);
}
