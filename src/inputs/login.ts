/**
 * Who logs in: exactly one method, from the inputs or, if no input names one, from the variables of the OpenStack and Huawei
 * tools. Halves are never completed from elsewhere, because the result would be another identity.
 */
import type { Credentials } from '../config.ts';
import type { Secret } from '../secret.ts';
import { methodTitle } from '../values.ts';
import { buildCredentials } from './credentials.ts';
import {
  type Family,
  INPUT_FAMILIES,
  isOptionalPart,
  isSecretPart,
  type LoginFamilies,
  type MethodName,
  type Named,
  type Offer,
} from './families.ts';
import type { InputReader } from './input-reader.ts';
import { listed } from './parse.ts';
import { unread } from './unread-variables.ts';
import { type FamilyName, type PlainPart, READ_VARIABLES, type SecretPart } from './variables.ts';

/** LoginChoice is what could be learnt about the login. */
export interface LoginChoice {
  /** Null if they are wrong, which was noted as a mistake. */
  readonly credentials: Credentials | null;
  /** The method that is meant, even if it is incomplete; null if none or several are. */
  readonly method: MethodName | null;
  readonly from: Origin;
  /** The family of variables that the credentials come from; null for inputs. */
  readonly family: FamilyName | null;
  /** The names of the inputs or variables that the credentials come from. */
  readonly sources: readonly string[];
}

export type Origin = 'inputs' | 'environment';

/** readLogin finds the one method, or notes what stands in its way. */
export function readLogin(reader: InputReader, families: LoginFamilies): LoginChoice {
  const inputs = collect(reader, families.inputs, 'inputs');
  if (inputs.length > 0) return choose(reader, inputs, 'inputs');
  const variables = collect(reader, families.variables, 'environment');
  // OS_DOMAIN_NAME and similar variables accompany every method, so by themselves they select none.
  const naming = variables.filter(({ plain, secret }) => plain.has('username') || secret.size > 0);
  if (variables.length > 0) return choose(reader, naming.length > 0 ? naming : variables, 'environment');
  reader.mistake(families.none.inputs, null, families.none.expected + unread(reader, 'no credentials'));
  return { credentials: null, method: null, from: 'inputs', family: null, sources: [] };
}

/** The families of which anything is set. */
function collect(reader: InputReader, families: readonly Family[], from: Origin): readonly Offer[] {
  return families.map((family) => look(reader, family, from)).filter(({ names }) => names.length > 0);
}

function look(reader: InputReader, family: Family, from: Origin): Offer {
  const plain = new Map<PlainPart, Named<string>>();
  const secret = new Map<SecretPart, Named<Secret>>();
  const names: string[] = [];
  const missing: string[] = [];
  for (const [part, candidates] of family.parts) {
    const set = isSecretPart(part)
      ? note(
          secret,
          part,
          present(candidates, (name) => (from === 'inputs' ? reader.secret(part) : reader.secretVariable(name))),
        )
      : note(
          plain,
          part,
          present(candidates, (name) => (from === 'inputs' ? reader.given(part) : reader.variable(name))),
        );
    names.push(...set);
    if (set.length === 0 && !isOptionalPart(part)) missing.push(candidates[0] ?? part);
  }
  refuseContradiction(reader, secret.get('token'), names);
  return { family, plain, secret, names, missing };
}

function present<T>(names: readonly string[], read: (name: string) => T | null): readonly Named<T>[] {
  return names.flatMap((name) => {
    const value = read(name);
    return value === null ? [] : [{ name, value }];
  });
}

/** Keeps the preferred value, and gives the names of all. */
function note<P, T>(values: Map<P, Named<T>>, part: P, found: readonly Named<T>[]): readonly string[] {
  const [first] = found;
  if (first !== undefined) values.set(part, first);
  return found.map(({ name }) => name);
}

/** A stale token beside a fresh one would be hard to diagnose at run time. */
function refuseContradiction(reader: InputReader, token: Named<Secret> | undefined, names: readonly string[]): void {
  const other = names.find((name) => name !== token?.name);
  if (token === undefined || other === undefined || reader.secretVariable(other)?.reveal() === token.value.reveal())
    return;
  reader.mistake(
    `${token.name}, ${other}`,
    null,
    'Both are names for the same token, but they differ: keep one of them.',
  );
}

function choose(reader: InputReader, offers: readonly Offer[], from: Origin): LoginChoice {
  const [offer, ...others] = offers;
  if (offer === undefined || others.length > 0) {
    reader.mistake(offers.flatMap(({ names }) => names).join(', '), null, severalMethods(offers, from));
    return { credentials: null, method: null, from, family: null, sources: [] };
  }
  const { method, variables: family } = offer.family;
  const sources = [...offer.plain.values(), ...offer.secret.values()].map(({ name }) => name);
  const choice = { method, from, family, sources: offer.names.filter((name) => sources.includes(name)) };
  if (offer.missing.length > 0) {
    reader.mistake(offer.names.join(', '), null, halfMethod(reader, offer, from));
    return { ...choice, credentials: null };
  }
  return { ...choice, credentials: buildCredentials(reader, offer) };
}

function severalMethods(offers: readonly Offer[], from: Origin): string {
  const each = offers.map(({ family, names, missing }) => {
    const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
    return `${listed(names, 'and')} (method ${methodTitle(family.method)}${lack})`;
  });
  const cure =
    from === 'inputs'
      ? 'Give the inputs of one method only.'
      : 'Keep the variables of one method and one family (`OS_`, `HW_`, `HUAWEI_CLOUD_` or `HUAWEICLOUD_SDK_`), or give the credentials as inputs, which win.';
  return `These do not belong together: ${each.join('; ')}. ${cure}`;
}

function halfMethod(reader: InputReader, { family, names, missing }: Offer, from: Origin): string {
  const half = `Method ${methodTitle(family.method)} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
  const others = unread(reader, 'incomplete');
  if (from === 'environment')
    return `${half} Set what is missing, or give all credentials as inputs, which win.${others}`;
  const set = READ_VARIABLES.filter(({ role, name }) => PARTS.has(role) && reader.variable(name) !== null);
  const uncounted =
    set.length === 0
      ? ''
      : ` Inputs are not completed from the environment, so ${listed(
          set.map(({ name }) => name),
          'and',
        )} did not count.`;
  return `${half} Give what is missing; a secret that does not exist, or that a pull request from a fork may not read, arrives empty.${uncounted}${others}`;
}

const PARTS: ReadonlySet<string> = new Set(INPUT_FAMILIES.flatMap(({ parts }) => parts.map(([part]) => part)));
