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

/** By API and role, in the order of preference within a family. Every name begins with its family. */
const TABLE: Readonly<Record<Api | 'both', { readonly [role in Role]?: readonly string[] }>> = {
  openstack: {
    domain: ['OS_USER_DOMAIN_ID'],
    'application-credential-id': ['OS_APPLICATION_CREDENTIAL_ID'],
    'application-credential-secret': ['OS_APPLICATION_CREDENTIAL_SECRET'],
    'project-domain': ['OS_PROJECT_DOMAIN_ID'],
  },
  both: {
    token: ['OS_TOKEN', 'OS_AUTH_TOKEN'],
    username: ['OS_USERNAME'],
    password: ['OS_PASSWORD'],
    domain: ['OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
    'auth-url': ['OS_AUTH_URL'],
    project: ['OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'],
    region: ['OS_REGION_NAME', 'OS_REGION'],
    'project-domain': ['OS_PROJECT_DOMAIN_NAME'],
    insecure: ['OS_INSECURE'],
  },
  ims: {
    username: ['HW_USER_NAME'],
    password: ['HW_USER_PASSWORD'],
    domain: ['HW_DOMAIN_NAME'],
    'access-key': ['OS_ACCESS_KEY', 'HW_ACCESS_KEY', 'HUAWEI_CLOUD_ACCESS_KEY_ID', 'HUAWEICLOUD_SDK_AK'],
    'secret-key': ['OS_SECRET_KEY', 'HW_SECRET_KEY', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY', 'HUAWEICLOUD_SDK_SK'],
    'security-token': ['OS_SECURITY_TOKEN', 'HW_SECURITY_TOKEN'],
    'auth-url': ['HW_AUTH_URL'],
    project: ['HW_PROJECT_ID', 'HW_PROJECT_NAME', 'HUAWEI_CLOUD_PROJECT_ID', 'HUAWEICLOUD_SDK_PROJECT_ID'],
    region: ['HW_REGION_NAME', 'HUAWEI_CLOUD_REGION'],
    'agency-name': ['OS_AGENCY_NAME', 'HW_ASSUME_ROLE_AGENCY_NAME'],
    'agency-domain': ['OS_AGENCY_DOMAIN_NAME', 'HW_ASSUME_ROLE_DOMAIN_NAME'],
    'delegated-project': ['OS_DELEGATED_PROJECT'],
    cloud: ['HW_CLOUD'],
    insecure: ['HW_INSECURE'],
  },
};

/** A variable that is read, with one API or with both. */
export interface ReadVariable {
  readonly name: string;
  readonly role: Role;
  readonly api: Api | 'both';
}

/** The variables of the table, family by family. */
export const READ_VARIABLES: readonly ReadVariable[] = FAMILY_NAMES.flatMap((family) =>
  Object.entries(TABLE).flatMap(([api, roles]) =>
    Object.entries(roles).flatMap(([role, names]) =>
      names
        .filter((name) => isOf(family, name))
        .map((name) => ({ name, role: role as Role, api: api as ReadVariable['api'] })),
    ),
  ),
);

/** isRead returns whether a variable of the table is read with an API. */
export function isRead(row: ReadVariable, api: Api): boolean {
  return row.api === 'both' || row.api === api;
}

/** namesOf names the variables of a role that are read with an API, family by family. */
export function namesOf(api: Api, role: Role, families: readonly FamilyName[]): readonly string[] {
  return families
    .flatMap((family) =>
      READ_VARIABLES.filter((row) => row.role === role && isOf(family, row.name) && isRead(row, api)),
    )
    .map(({ name }) => name);
}

/** isOf returns whether a variable belongs to a family. */
export function isOf(family: FamilyName, name: string): boolean {
  return name.startsWith(`${family}_`);
}

/** familiesFrom gives all families, the preferred one first. */
export function familiesFrom(preferred: FamilyName | null): readonly FamilyName[] {
  return preferred === null ? FAMILY_NAMES : [...new Set([preferred, ...FAMILY_NAMES])];
}
