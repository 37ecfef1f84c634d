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

/** API, role and names, in the order of preference within a family. Every name begins with its family. */
const TABLE: readonly (readonly [api: Api | 'both', role: Role, ...names: string[]])[] = [
  ['openstack', 'domain', 'OS_USER_DOMAIN_ID'],
  ['openstack', 'application-credential-id', 'OS_APPLICATION_CREDENTIAL_ID'],
  ['openstack', 'application-credential-secret', 'OS_APPLICATION_CREDENTIAL_SECRET'],
  ['openstack', 'project-domain', 'OS_PROJECT_DOMAIN_ID'],
  ['both', 'token', 'OS_TOKEN', 'OS_AUTH_TOKEN'],
  ['both', 'username', 'OS_USERNAME'],
  ['both', 'password', 'OS_PASSWORD'],
  ['both', 'domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
  ['both', 'auth-url', 'OS_AUTH_URL'],
  ['both', 'project', 'OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'],
  ['both', 'region', 'OS_REGION_NAME', 'OS_REGION'],
  ['both', 'project-domain', 'OS_PROJECT_DOMAIN_NAME'],
  ['both', 'insecure', 'OS_INSECURE'],
  ['ims', 'username', 'HW_USER_NAME'],
  ['ims', 'password', 'HW_USER_PASSWORD'],
  ['ims', 'domain', 'HW_DOMAIN_NAME'],
  ['ims', 'access-key', 'OS_ACCESS_KEY', 'HW_ACCESS_KEY', 'HUAWEI_CLOUD_ACCESS_KEY_ID', 'HUAWEICLOUD_SDK_AK'],
  ['ims', 'secret-key', 'OS_SECRET_KEY', 'HW_SECRET_KEY', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY', 'HUAWEICLOUD_SDK_SK'],
  ['ims', 'security-token', 'OS_SECURITY_TOKEN', 'HW_SECURITY_TOKEN'],
  ['ims', 'auth-url', 'HW_AUTH_URL'],
  ['ims', 'project', 'HW_PROJECT_ID', 'HW_PROJECT_NAME', 'HUAWEI_CLOUD_PROJECT_ID', 'HUAWEICLOUD_SDK_PROJECT_ID'],
  ['ims', 'region', 'HW_REGION_NAME', 'HUAWEI_CLOUD_REGION'],
  ['ims', 'agency-name', 'OS_AGENCY_NAME', 'HW_ASSUME_ROLE_AGENCY_NAME'],
  ['ims', 'agency-domain', 'OS_AGENCY_DOMAIN_NAME', 'HW_ASSUME_ROLE_DOMAIN_NAME'],
  ['ims', 'delegated-project', 'OS_DELEGATED_PROJECT'],
  ['ims', 'cloud', 'HW_CLOUD'],
  ['ims', 'insecure', 'HW_INSECURE'],
];

/** A variable that is read, with one API or with both. */
export interface ReadVariable {
  readonly name: string;
  readonly role: Role;
  readonly api: Api | 'both';
  readonly family: FamilyName;
}

const ROWS: readonly ReadVariable[] = TABLE.flatMap(([api, role, ...names]) =>
  names.map((name) => ({ name, role, api, family: FAMILY_NAMES.find((family) => isOf(family, name)) as FamilyName })),
);

/** The variables of the table, family by family. */
export const READ_VARIABLES: readonly ReadVariable[] = FAMILY_NAMES.flatMap((family) =>
  ROWS.filter((row) => row.family === family),
);

/** By role, because a search through the whole table for every input is so much work that Node optimises it, which takes 2 MiB. */
const BY_ROLE = new Map<Role, readonly ReadVariable[]>();
for (const row of READ_VARIABLES) BY_ROLE.set(row.role, [...(BY_ROLE.get(row.role) ?? []), row]);

/** isRead returns whether a variable of the table is read with an API. */
export function isRead(row: ReadVariable, api: Api): boolean {
  return row.api === 'both' || row.api === api;
}

/** namesOf names the variables of a role that are read with an API, family by family. */
export function namesOf(api: Api, role: Role, families: readonly FamilyName[]): readonly string[] {
  const rows = (BY_ROLE.get(role) ?? []).filter((row) => isRead(row, api));
  return families.flatMap((family) => rows.filter((row) => row.family === family)).map(({ name }) => name);
}

/** isOf returns whether a variable belongs to a family. */
export function isOf(family: FamilyName, name: string): boolean {
  return name.startsWith(`${family}_`);
}

/** familiesFrom gives all families, the preferred one first. */
export function familiesFrom(preferred: FamilyName | null): readonly FamilyName[] {
  return preferred === null ? FAMILY_NAMES : [...new Set([preferred, ...FAMILY_NAMES])];
}
