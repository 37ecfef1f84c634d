/**
 * Which inputs and variables belong to which method of logging in.
 */
import type { Credentials } from '../config.ts';
import type { Secret } from '../secret.ts';
import {
  FAMILY_NAMES,
  type FamilyName,
  type Part,
  type PlainPart,
  READ_VARIABLES,
  type SecretPart,
} from './variables.ts';

export type MethodName = Credentials['method'];

/** A way to give a method: each part, with the inputs or variables that can hold it, the preferred one first. */
export interface Family {
  readonly method: MethodName;
  /** Null for inputs. */
  readonly variables: FamilyName | null;
  readonly parts: readonly (readonly [part: Part, names: readonly string[]])[];
}

/** A value with the name of the input or variable that it came from. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** What was found of one family. */
export interface Offer {
  readonly family: Family;
  readonly plain: ReadonlyMap<PlainPart, Named<string>>;
  readonly secret: ReadonlyMap<SecretPart, Named<Secret>>;
  /** The names that are set, and those that would complete them. */
  readonly names: readonly string[];
  readonly missing: readonly string[];
}

const SECRET_PARTS: ReadonlySet<Part> = new Set<SecretPart>([
  'token',
  'password',
  'access-key',
  'secret-key',
  'security-token',
  'application-credential-secret',
]);
const OPTIONAL_PARTS: ReadonlySet<Part> = new Set<Part>(['security-token', 'audience']);

export function isSecretPart(part: Part): part is SecretPart {
  return SECRET_PARTS.has(part);
}

export function isOptionalPart(part: Part): boolean {
  return OPTIONAL_PARTS.has(part);
}

const METHODS: readonly (readonly [MethodName, readonly Part[]])[] = [
  ['token', ['token']],
  ['password', ['username', 'password', 'domain']],
  ['aksk', ['access-key', 'secret-key', 'security-token']],
  ['oidc', ['identity-provider', 'audience']],
];

/** All ways to log in that count for a run. */
export interface LoginFamilies {
  readonly inputs: readonly Family[];
  readonly variables: readonly Family[];
  /** The mistake if nothing is given: the inputs concerned, and what to do. */
  readonly none: { readonly inputs: string; readonly expected: string };
}

/** INPUT_FAMILIES: the parts are inputs of the same name. */
export const INPUT_FAMILIES: readonly Family[] = METHODS.map(([method, parts]) => ({
  method,
  variables: null,
  parts: parts.map((part) => [part, [part]] as const),
}));

/** VARIABLE_FAMILIES: what the table of variables offers; read if no input names a method. */
export const VARIABLE_FAMILIES: readonly Family[] = FAMILY_NAMES.flatMap((variables) =>
  METHODS.map(([method, parts]) => ({
    method,
    variables,
    parts: parts
      .map((part) => [part, variablesFor(variables, part)] as const)
      .filter(([part, names]) => names.length > 0 || !isOptionalPart(part)),
  })).filter(({ parts }) => parts.every(([, names]) => names.length > 0)),
);

function variablesFor(family: FamilyName, part: Part): readonly string[] {
  return READ_VARIABLES.filter((row) => row.family === family && row.role === part).map(({ name }) => name);
}

const NOT_THERE = 'A secret that does not exist, or that a pull request from a fork may not read, arrives empty.';

/** IMS_LOGIN: the ways to log in at IAM. */
export const IMS_LOGIN: LoginFamilies = {
  inputs: INPUT_FAMILIES,
  variables: VARIABLE_FAMILIES,
  none: {
    inputs: 'identity-provider, token, username, access-key',
    expected: `No credentials are given. Give \`identity-provider\` (keyless), \`token\`, \`username\` with \`password\` and \`domain\`, or \`access-key\` with \`secret-key\`. ${NOT_THERE}`,
  },
};

const KEYSTONE_METHODS: readonly Pick<Family, 'method' | 'parts'>[] = [
  { method: 'token', parts: [['token', ['OS_TOKEN', 'OS_AUTH_TOKEN']]] },
  {
    method: 'password',
    parts: [
      ['username', ['OS_USERNAME']],
      ['password', ['OS_PASSWORD']],
      ['domain', ['OS_USER_DOMAIN_ID', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME']],
    ],
  },
  {
    method: 'application-credential',
    parts: [
      ['application-credential-id', ['OS_APPLICATION_CREDENTIAL_ID']],
      ['application-credential-secret', ['OS_APPLICATION_CREDENTIAL_SECRET']],
    ],
  },
];

/** KEYSTONE_LOGIN: the ways to log in at Keystone. */
export const KEYSTONE_LOGIN: LoginFamilies = {
  inputs: KEYSTONE_METHODS.map(({ method, parts }) => ({
    method,
    variables: null,
    parts: parts.map(([part]) => [part, [part]] as const),
  })),
  variables: KEYSTONE_METHODS.map((family) => ({ ...family, variables: 'OS' })),
  none: {
    inputs: 'application-credential-id, token, username',
    expected: `No credentials are given. Give \`application-credential-id\` with \`application-credential-secret\`, \`token\`, or \`username\` with \`password\` and \`domain\`. ${NOT_THERE}`,
  },
};
