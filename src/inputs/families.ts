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
