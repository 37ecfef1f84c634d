/**
 * Who logs in: exactly one method, from the inputs or, where no input names one, from the variables of the OpenStack and
 * Huawei tools. Halves are never completed from elsewhere, because the result would be somebody else's identity.
 */
import type { Credentials } from '../config.ts';
import type { Secret } from '../secret.ts';
import {
  type Family,
  INPUT_FAMILIES,
  isOptionalPart,
  isSecretPart,
  type MethodName,
  type PlainPart,
  type SecretPart,
  TITLES,
  VARIABLE_FAMILIES,
} from './families.ts';
import type { InputReader } from './input-reader.ts';
import { lineOf, listed, parseIdentityProvider } from './parse.ts';

/** LoginChoice is what could be learnt about the login. */
export interface LoginChoice {
  /** Null where they are wrong, which was noted as a mistake. */
  readonly credentials: Credentials | null;
  /** The method that is meant, even where it is incomplete; null where none or several are. */
  readonly method: MethodName | null;
  readonly from: Origin;
}

type Origin = 'inputs' | 'environment';

/** A value with the name of the input or variable it came from. */
interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** What was found of one family. */
interface Offer {
  readonly method: MethodName;
  readonly plain: ReadonlyMap<PlainPart, Named<string>>;
  readonly secret: ReadonlyMap<SecretPart, Named<Secret>>;
  /** The names that are set, and those that would complete them. */
  readonly names: readonly string[];
  readonly missing: readonly string[];
}

/** readLogin finds the one method, or notes what stands in its way. */
export function readLogin(reader: InputReader): LoginChoice {
  const inputs = collect(reader, INPUT_FAMILIES, 'inputs');
  if (inputs.length > 0) return choose(reader, inputs, 'inputs');
  const variables = collect(reader, VARIABLE_FAMILIES, 'environment');
  // OS_DOMAIN_NAME and its kin accompany every method in the wild, so by themselves they name none.
  const naming = variables.filter(({ plain, secret }) => plain.has('username') || secret.size > 0);
  if (variables.length > 0) return choose(reader, naming.length > 0 ? naming : variables, 'environment');
  const cloud =
    reader.variable('OS_CLOUD') === null
      ? ''
      : ' `OS_CLOUD` is set, but `clouds.yaml` is not read: hand over what it holds as inputs.';
  reader.mistake('identity-provider, token, username, access-key', null, NO_METHOD + cloud);
  return { credentials: null, method: null, from: 'inputs' };
}

const NO_METHOD =
  'No credentials are given. Give `identity-provider` (keyless), `token`, `username` with `password` and `domain`, or `access-key` with `secret-key`. ' +
  'A secret that does not exist, or that a pull request from a fork may not read, arrives empty.';

/** The families of which anything is set. */
function collect(reader: InputReader, families: readonly Family[], from: Origin): readonly Offer[] {
  return families.map((family) => look(reader, family, from)).filter(({ names }) => names.length > 0);
}

function look(reader: InputReader, { method, parts }: Family, from: Origin): Offer {
  const plain = new Map<PlainPart, Named<string>>();
  const secret = new Map<SecretPart, Named<Secret>>();
  const names: string[] = [];
  const missing: string[] = [];
  for (const [part, ...variables] of parts) {
    const candidates = from === 'inputs' ? [part] : variables;
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
  return { method, plain, secret, names, missing };
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

/** Only a token can be set under two names; a stale one beside a fresh one would be hard to diagnose at run time. */
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
    return { credentials: null, method: null, from };
  }
  if (offer.missing.length > 0) {
    reader.mistake(offer.names.join(', '), null, halfMethod(reader, offer, from));
    return { credentials: null, method: offer.method, from };
  }
  return { credentials: build(reader, offer), method: offer.method, from };
}

function severalMethods(offers: readonly Offer[], from: Origin): string {
  const each = offers.map(({ method, names, missing }) => {
    const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
    return `${listed(names, 'and')} (method ${TITLES[method]}${lack})`;
  });
  const cure =
    from === 'inputs'
      ? 'Give the inputs of one method only.'
      : 'Keep the variables of one method and one family (`OS_`, `HW_` or `HUAWEI_CLOUD_`), or give the credentials as inputs, which win.';
  return `These do not belong together: ${each.join('; ')}. ${cure}`;
}

function halfMethod(reader: InputReader, { method, names, missing }: Offer, from: Origin): string {
  const half = `Method ${TITLES[method]} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
  if (from === 'environment') return `${half} Set what is missing, or give all credentials as inputs, which win.`;
  const set = VARIABLE_FAMILIES.flatMap(({ parts }) => parts.flatMap(([, ...variables]) => variables)).filter(
    (name) => reader.variable(name) !== null,
  );
  const note =
    set.length === 0 ? '' : ` Inputs are not completed from the environment, so ${listed(set, 'and')} did not count.`;
  return `${half} Give what is missing; a secret that does not exist, or that a pull request from a fork may not read, arrives empty.${note}`;
}

function build(reader: InputReader, { method, plain, secret }: Offer): Credentials | null {
  const header = (part: SecretPart): Secret | null => sendable(reader, secret.get(part));
  switch (method) {
    case 'token': {
      const token = header('token');
      return token === null ? null : { method, token };
    }
    case 'password': {
      const [username, password, domain] = [plain.get('username'), secret.get('password'), plain.get('domain')];
      if (username === undefined || password === undefined || domain === undefined) return null;
      return { method, username: username.value, password: password.value, domain: domain.value };
    }
    case 'aksk': {
      const [accessKey, secretKey, securityToken] = [
        header('access-key'),
        header('secret-key'),
        header('security-token'),
      ];
      return accessKey === null || secretKey === null ? null : { method, accessKey, secretKey, securityToken };
    }
    case 'oidc':
      return buildOidc(reader, plain.get('identity-provider')?.value ?? '', plain.get('audience')?.value ?? null);
  }
}

/** A token or key that cannot stand in a header was damaged on its way here, and IAM would only say "refused". */
function sendable(reader: InputReader, given: Named<Secret> | undefined): Secret | null {
  if (given === undefined) return null;
  if (/^[\x21-\x7e]+$/.test(given.value.reveal())) return given.value;
  reader.mistake(
    given.name,
    null,
    'Expected printable ASCII characters without white space: was it cut, wrapped or joined with something else?',
  );
  return null;
}

const NO_ID_TOKEN = `The job may not ask GitHub for an ID token. Add to the job, and to the job that calls it where this is a reusable workflow:
permissions:
  id-token: write
  contents: read
Runs for pull requests from forks get no ID token, whatever the permissions say.`;

function buildOidc(reader: InputReader, provider: string, givenAudience: string | null): Credentials | null {
  const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
  const requestToken = reader.secretVariable('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  const identityProvider = reader.parseAs('identity-provider', provider, parseIdentityProvider);
  const audience = givenAudience === null ? null : reader.parseAs('audience', givenAudience, lineOf(255));
  if (requestUrl === null || requestToken === null) {
    reader.mistake('identity-provider', provider, NO_ID_TOKEN);
    return null;
  }
  return identityProvider === null ? null : { method: 'oidc', identityProvider, audience, requestUrl, requestToken };
}
