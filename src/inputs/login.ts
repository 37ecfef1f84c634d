/**
 * Who logs in: exactly one method, from the inputs or, if no input names one, from the variables of the OpenStack and Huawei
 * tools; and the agency to assume after that. Halves are never completed from elsewhere, because the result would be another identity.
 */
import type { Agency, Credentials } from '../config.ts';
import type { Api } from '../model.ts';
import { methodTitle } from '../values.ts';
import { buildCredentials } from './credentials.ts';
import type { InputReader } from './input-reader.ts';
import { complete, lineOf, listed, theseAre } from './parse.ts';
import { type InputName, isSecretInput } from './table.ts';
import { unread } from './unread-variables.ts';
import { type FamilyName, familiesFrom, isRead, namesOf, READ_VARIABLES, type Role } from './variables.ts';

type MethodName = Credentials['method'];

/** LoginReading is what could be learnt about the login. */
export interface LoginReading {
  /** Null if they are wrong, which was noted as a mistake. */
  readonly credentials: Credentials | null;
  /** The method that is meant, even if it is incomplete; null if none or several are. */
  readonly method: MethodName | null;
  /** The family of variables that the credentials come from; null for inputs. */
  readonly family: FamilyName | null;
  /** The names of the inputs or variables that the credentials come from. */
  readonly sources: readonly string[];
  /** Null if it is wrong, or if there is none. A project is mandatory with an agency, even with a wrong one. */
  readonly agency: Agency | null;
  readonly isAgency: boolean;
}

type Choice = Omit<LoginReading, 'agency' | 'isAgency'>;

/** What is set of some parts in the inputs or in one family. */
interface Offer {
  /** Null for inputs. */
  readonly family: FamilyName | null;
  /** For each part that is set, the input or variable that holds it, the preferred one if there are several. */
  readonly sources: ReadonlyMap<InputName, string>;
  /** All names that are set, and those that would complete them. */
  readonly names: readonly string[];
  readonly missing: readonly string[];
}

type MethodOffer = Offer & { readonly method: MethodName };

const METHODS: Readonly<Record<Api, readonly (readonly [MethodName, readonly InputName[]])[]>> = {
  ims: [
    ['token', ['token']],
    ['password', ['username', 'password', 'domain']],
    ['aksk', ['access-key', 'secret-key', 'security-token']],
    ['oidc', ['identity-provider', 'audience']],
  ],
  openstack: [
    ['token', ['token']],
    ['password', ['username', 'password', 'domain']],
    ['application-credential', ['application-credential-id', 'application-credential-secret']],
  ],
};

/** If nothing is given: the inputs concerned, and what to give. */
const NOTHING: Readonly<Record<Api, readonly [inputs: string, cure: string]>> = {
  ims: [
    'identity-provider, token, username, access-key',
    '`identity-provider` (keyless), `token`, `username` with `password` and `domain`, or `access-key` with `secret-key`',
  ],
  openstack: [
    'application-credential-id, token, username',
    '`application-credential-id` with `application-credential-secret`, `token`, or `username` with `password` and `domain`',
  ],
};

/** Follows an article. */
const EMPTY = 'secret that does not exist, or that a pull request from a fork may not read, arrives empty.';

const NO_LOGIN: Choice = { credentials: null, method: null, family: null, sources: [] };

/** readLogin finds the one method, or notes what stands in its way, and reads the agency that is assumed after the login. */
export function readLogin(reader: InputReader): LoginReading {
  const choice = readMethod(reader);
  return { ...choice, ...readAgency(reader, choice.family) };
}

function readMethod(reader: InputReader): Choice {
  const inputs = offers(reader, [null]);
  if (inputs.length > 0) return choose(reader, inputs);
  const variables = offers(reader, familiesFrom(null));
  // OS_DOMAIN_NAME and similar variables accompany every method, so by themselves they select none.
  const naming = variables.filter(({ sources }) =>
    [...sources.keys()].some((part) => part === 'username' || isSecretInput(part)),
  );
  if (variables.length > 0) return choose(reader, naming.length > 0 ? naming : variables);
  const [names, cure] = NOTHING[reader.api];
  reader.mistake(names, null, `No credentials are given. Give ${cure}. A ${EMPTY}${unread(reader, 'login')}`);
  return NO_LOGIN;
}

function offers(reader: InputReader, families: readonly (FamilyName | null)[]): readonly MethodOffer[] {
  const found = families
    .flatMap((family) => METHODS[reader.api].map(([method, parts]) => ({ ...offerOf(reader, parts, family), method })))
    .filter(({ names }) => names.length > 0);
  for (const { method, names } of found) {
    // A stale token beside a fresh one would be hard to diagnose at run time.
    if (method === 'token' && new Set(reader.set(names).map(({ text }) => text)).size > 1)
      reader.mistake(names.join(', '), null, 'Both are names for the same token, but they differ: keep one of them.');
  }
  return found;
}

const OPTIONAL: ReadonlySet<InputName> = new Set(['security-token', 'audience']);

/** offerOf gives what is set of some parts in the inputs (null) or in one family of variables. Secrets are masked. */
function offerOf(reader: InputReader, parts: readonly InputName[], family: FamilyName | null): Offer {
  const sources = new Map<InputName, string>();
  const names: string[] = [];
  const missing: string[] = [];
  for (const part of parts) {
    const candidates = family === null ? [part] : namesOf(reader.api, part, [family]);
    const set = reader.set(candidates).map(({ name }) => name);
    if (isSecretInput(part)) for (const name of set) reader.secret(name);
    names.push(...set);
    const [first] = set;
    if (first !== undefined) sources.set(part, first);
    else if (!OPTIONAL.has(part)) missing.push(candidates[0] ?? part);
  }
  return { family, sources, names, missing };
}

function choose(reader: InputReader, found: readonly MethodOffer[]): Choice {
  const [offer, ...others] = found;
  if (offer === undefined || others.length > 0) {
    reader.mistake(found.flatMap(({ names }) => names).join(', '), null, severalMethods(found));
    return NO_LOGIN;
  }
  const { method, family, sources, names, missing } = offer;
  if (missing.length > 0) reader.mistake(names.join(', '), null, halfMethod(reader, offer));
  const credentials = missing.length > 0 ? null : buildCredentials(reader, method, sources);
  return { credentials, method, family, sources: [...sources.values()] };
}

function severalMethods(found: readonly MethodOffer[]): string {
  const each = found.map(({ method, names, missing }) => {
    const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
    return `${listed(names, 'and')} (method ${methodTitle(method)}${lack})`;
  });
  const cure =
    found[0]?.family === null
      ? 'Give the inputs of one method only.'
      : 'Keep the variables of one method and one family (`OS_`, `HW_`, `HUAWEI_CLOUD_` or `HUAWEICLOUD_SDK_`), or give the credentials as inputs, which win.';
  return `These do not belong together: ${each.join('; ')}. ${cure}`;
}

function halfMethod(reader: InputReader, { method, family, names, missing }: MethodOffer): string {
  const half = `Method ${methodTitle(method)} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
  const others = unread(reader, 'login');
  if (family !== null) return `${half} Set what is missing, or give all credentials as inputs, which win.${others}`;
  const parts = new Set<Role>(METHODS[reader.api].flatMap(([, each]) => each));
  const rows = READ_VARIABLES.filter((row) => parts.has(row.role) && isRead(row, reader.api));
  const set = reader.set(rows.map(({ name }) => name)).map(({ name }) => name);
  const uncounted =
    set.length === 0 ? '' : ` Inputs are not completed from the environment, so ${listed(set, 'and')} did not count.`;
  return `${half} Give what is missing; a ${EMPTY}${uncounted}${others}`;
}

const LONGEST_AGENCY = 64;

/** Both names or neither: from the inputs or, if neither is given, from one family of variables, that of the credentials first. */
function readAgency(reader: InputReader, family: FamilyName | null): Pick<LoginReading, 'agency' | 'isAgency'> {
  const parts = ['agency-name', 'agency-domain'] as const;
  const [used, ...others] = [null, ...familiesFrom(family)]
    .map((each) => offerOf(reader, parts, each))
    .filter(({ names }) => names.length > 0);
  if (used === undefined || reader.api === 'openstack') return { agency: null, isAgency: false };
  const [name = '', domain = ''] = used.names;
  const textOf = ({ sources }: Offer, part: InputName) => reader.variable(sources.get(part));
  for (const other of others) {
    const differ = parts.filter((part) => other.sources.has(part) && textOf(other, part) !== textOf(used, part));
    const names = differ.map((part) => other.sources.get(part) ?? '');
    if (names.length > 0) reader.note(`${theseAre(names)} ignored: \`${name}\` takes precedence`);
  }
  const [lacking] = used.missing;
  if (lacking !== undefined) {
    const cure = `An agency needs its name and the account that created it: give \`${lacking}\` too, or neither.`;
    reader.mistake(name, reader.variable(name), cure + unread(reader, 'agency'));
    return { agency: null, isAgency: true };
  }
  const parse = lineOf(LONGEST_AGENCY);
  const agency = { name: reader.parseVariable(name, parse), domain: reader.parseVariable(domain, parse) };
  return { agency: complete(agency), isAgency: true };
}
