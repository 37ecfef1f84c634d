/**
 * Which names hold which part of a login: the inputs, and the variables of the OpenStack and Huawei tools.
 */
import type { Credentials } from '../config.ts';

export type MethodName = Credentials['method'];

export type SecretPart = 'token' | 'password' | 'access-key' | 'secret-key' | 'security-token';
export type PlainPart = 'username' | 'domain' | 'identity-provider' | 'audience';
export type Part = SecretPart | PlainPart;

/** A way to give a method: each part, with the variables that can hold it, the preferred one first. */
export interface Family {
  readonly method: MethodName;
  readonly parts: readonly (readonly [part: Part, ...variables: string[]])[];
}

const SECRET_PARTS: ReadonlySet<Part> = new Set<SecretPart>([
  'token',
  'password',
  'access-key',
  'secret-key',
  'security-token',
]);
const OPTIONAL_PARTS: ReadonlySet<Part> = new Set<Part>(['security-token', 'audience']);

export function isSecretPart(part: Part): part is SecretPart {
  return SECRET_PARTS.has(part);
}

export function isOptionalPart(part: Part): boolean {
  return OPTIONAL_PARTS.has(part);
}

/** TITLES are the methods' names for people. */
export const TITLES: Readonly<Record<MethodName, string>> = {
  token: 'token',
  password: 'password',
  aksk: 'AK/SK',
  oidc: 'OIDC',
};

/** INPUT_FAMILIES: the parts are inputs of the same name. */
export const INPUT_FAMILIES: readonly Family[] = [
  { method: 'token', parts: [['token']] },
  { method: 'password', parts: [['username'], ['password'], ['domain']] },
  { method: 'aksk', parts: [['access-key'], ['secret-key'], ['security-token']] },
  { method: 'oidc', parts: [['identity-provider'], ['audience']] },
];

/** VARIABLE_FAMILIES: read where no input names a method. */
export const VARIABLE_FAMILIES: readonly Family[] = [
  { method: 'token', parts: [['token', 'OS_TOKEN', 'OS_AUTH_TOKEN']] },
  {
    method: 'password',
    parts: [
      ['username', 'OS_USERNAME'],
      ['password', 'OS_PASSWORD'],
      ['domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
    ],
  },
  {
    method: 'aksk',
    parts: [
      ['access-key', 'OS_ACCESS_KEY'],
      ['secret-key', 'OS_SECRET_KEY'],
      ['security-token', 'OS_SECURITY_TOKEN'],
    ],
  },
  {
    method: 'aksk',
    parts: [
      ['access-key', 'HW_ACCESS_KEY'],
      ['secret-key', 'HW_SECRET_KEY'],
      ['security-token', 'HW_SECURITY_TOKEN'],
    ],
  },
  {
    method: 'aksk',
    parts: [
      ['access-key', 'HUAWEI_CLOUD_ACCESS_KEY_ID'],
      ['secret-key', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY'],
    ],
  },
];
