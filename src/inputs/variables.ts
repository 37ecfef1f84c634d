/**
 * The variables of the OpenStack and Huawei tools that this action reads.
 */
import type { Api } from '../model.ts';
import type { InputName } from './table.ts';

/** The tools' families of variables, in the order that counts if the credentials come from none of them. */
const FAMILY_NAMES = ['OS', 'HW', 'HUAWEI_CLOUD', 'HUAWEICLOUD_SDK'] as const;
export type FamilyName = (typeof FAMILY_NAMES)[number];

/** What a variable holds: the same as an input, or something that is compared with what is used. */
export type Role = InputName | 'delegated-project' | 'cloud' | 'insecure';

/** A variable that is read, with one API or with both. */
export interface ReadVariable {
  readonly name: string;
  readonly family: FamilyName;
  readonly role: Role;
  readonly api: Api | 'both';
}

function rows(family: FamilyName, api: Api | 'both', names: { readonly [role in Role]?: readonly string[] }) {
  return Object.entries(names).flatMap(([role, list]) =>
    list.map((name): ReadVariable => ({ name, family, role: role as Role, api })),
  );
}

/** In the order of preference within a family and role. */
export const READ_VARIABLES: readonly ReadVariable[] = [
  ...rows('OS', 'openstack', {
    domain: ['OS_USER_DOMAIN_ID'],
    'application-credential-id': ['OS_APPLICATION_CREDENTIAL_ID'],
    'application-credential-secret': ['OS_APPLICATION_CREDENTIAL_SECRET'],
    'project-domain': ['OS_PROJECT_DOMAIN_ID'],
  }),
  ...rows('OS', 'both', {
    token: ['OS_TOKEN', 'OS_AUTH_TOKEN'],
    username: ['OS_USERNAME'],
    password: ['OS_PASSWORD'],
    domain: ['OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
    'auth-url': ['OS_AUTH_URL'],
    project: ['OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'],
    region: ['OS_REGION_NAME', 'OS_REGION'],
    'project-domain': ['OS_PROJECT_DOMAIN_NAME'],
    insecure: ['OS_INSECURE'],
  }),
  ...rows('OS', 'ims', {
    'access-key': ['OS_ACCESS_KEY'],
    'secret-key': ['OS_SECRET_KEY'],
    'security-token': ['OS_SECURITY_TOKEN'],
    'agency-name': ['OS_AGENCY_NAME'],
    'agency-domain': ['OS_AGENCY_DOMAIN_NAME'],
    'delegated-project': ['OS_DELEGATED_PROJECT'],
  }),
  ...rows('HW', 'ims', {
    username: ['HW_USER_NAME'],
    password: ['HW_USER_PASSWORD'],
    domain: ['HW_DOMAIN_NAME'],
    'access-key': ['HW_ACCESS_KEY'],
    'secret-key': ['HW_SECRET_KEY'],
    'security-token': ['HW_SECURITY_TOKEN'],
    'auth-url': ['HW_AUTH_URL'],
    project: ['HW_PROJECT_ID', 'HW_PROJECT_NAME'],
    region: ['HW_REGION_NAME'],
    'agency-name': ['HW_ASSUME_ROLE_AGENCY_NAME'],
    'agency-domain': ['HW_ASSUME_ROLE_DOMAIN_NAME'],
    cloud: ['HW_CLOUD'],
    insecure: ['HW_INSECURE'],
  }),
  ...rows('HUAWEI_CLOUD', 'ims', {
    'access-key': ['HUAWEI_CLOUD_ACCESS_KEY_ID'],
    'secret-key': ['HUAWEI_CLOUD_SECRET_ACCESS_KEY'],
    project: ['HUAWEI_CLOUD_PROJECT_ID'],
    region: ['HUAWEI_CLOUD_REGION'],
  }),
  ...rows('HUAWEICLOUD_SDK', 'ims', {
    'access-key': ['HUAWEICLOUD_SDK_AK'],
    'secret-key': ['HUAWEICLOUD_SDK_SK'],
    project: ['HUAWEICLOUD_SDK_PROJECT_ID'],
  }),
];

/** isRead returns whether a variable of the table is read with an API; null is a wrong one, and counts as IMS. */
export function isRead(row: Pick<ReadVariable, 'api'>, api: Api | null): boolean {
  return row.api === 'both' || row.api === (api ?? 'ims');
}

/** namesOf names the variables of a role that are read with an API, family by family. */
export function namesOf(api: Api | null, role: Role, families: readonly FamilyName[]): readonly string[] {
  return families
    .flatMap((family) => READ_VARIABLES.filter((row) => row.role === role && row.family === family && isRead(row, api)))
    .map(({ name }) => name);
}

/** familiesFrom gives all families, the preferred one first. */
export function familiesFrom(preferred: FamilyName | null): readonly FamilyName[] {
  return preferred === null ? FAMILY_NAMES : [...new Set([preferred, ...FAMILY_NAMES])];
}
