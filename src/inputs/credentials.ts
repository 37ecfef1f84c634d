/**
 * From the parts of one method to credentials, or to mistakes: values that were damaged on their way are refused here, because IAM
 * would only refuse the login.
 */
import type { Credentials } from '../config.ts';
import type { Secret } from '../secret.ts';
import type { Named, Offer } from './families.ts';
import type { InputReader } from './input-reader.ts';
import { isQuoted, lineOf, NO_QUOTES, parseIdentityProvider } from './parse.ts';
import type { PlainPart, SecretPart } from './variables.ts';

const LONGEST_NAME = 255;

/** buildCredentials gives the credentials of a complete offer; null if a value is wrong, which was noted as a mistake. */
export function buildCredentials(reader: InputReader, offer: Offer): Credentials | null {
  const { method } = offer.family;
  const header = (part: SecretPart) => sendable(reader, offer.secret.get(part));
  const name = (part: PlainPart) => {
    const given = offer.plain.get(part);
    return given === undefined ? null : reader.parseAs(given.name, given.value, lineOf(LONGEST_NAME));
  };
  switch (method) {
    case 'token': {
      const token = header('token');
      return token === null ? null : { method, token };
    }
    case 'password': {
      const [username, password, domain] = [name('username'), inOneLine(reader, offer, 'password'), name('domain')];
      if (username === null || password === null || domain === null) return null;
      const isId = offer.plain.get('domain')?.name === 'OS_USER_DOMAIN_ID';
      const reference = isId ? { id: domain } : { name: domain };
      return { method, username, password, domain: reference, projectDomain: reference };
    }
    case 'application-credential': {
      const [id, secret] = [
        name('application-credential-id'),
        inOneLine(reader, offer, 'application-credential-secret'),
      ];
      return id === null || secret === null ? null : { method, id, secret };
    }
    case 'aksk': {
      if (areSwapped(reader, offer)) return null;
      const [accessKey, secretKey] = [header('access-key'), header('secret-key')];
      const before = reader.count;
      const securityToken = header('security-token');
      return accessKey === null || secretKey === null || reader.count > before
        ? null
        : { method, accessKey, secretKey, securityToken };
    }
    case 'oidc':
      return buildOidc(reader, offer.plain.get('identity-provider')?.value ?? '', name('audience'));
  }
}

/** A token or key travels in a header. */
function sendable(reader: InputReader, given: Named<Secret> | undefined): Secret | null {
  if (given === undefined) return null;
  const text = given.value.reveal();
  if (isQuoted(text)) reader.mistake(given.name, null, NO_QUOTES);
  else if (/^\*+$/.test(text))
    reader.mistake(
      given.name,
      null,
      'The value consists of asterisks: it was replaced by a mask on its way. A masked value cannot be passed on; read the secret itself in this job.',
    );
  else if (!/^[\x21-\x7e]+$/.test(text))
    reader.mistake(
      given.name,
      null,
      'Expected one line of printable ASCII characters without white space: was it cut, wrapped or joined with something else?',
    );
  else return given.value;
  return null;
}

/** A secret may hold blanks, and a password may hold quotes, but neither a line break. */
function inOneLine(reader: InputReader, { secret }: Offer, part: SecretPart): Secret | null {
  const given = secret.get(part);
  if (given === undefined) return null;
  const text = given.value.reveal();
  if (/[\r\n]/.test(text))
    reader.mistake(given.name, null, 'Expected one line: was it wrapped, or joined with something else?');
  else if (part !== 'password' && isQuoted(text)) reader.mistake(given.name, null, NO_QUOTES);
  else return given.value;
  return null;
}

/** Access keys have 20 letters and digits, secret keys 40 (OTC, Access Keys). Swapped, the secret key would be sent in the clear. */
function areSwapped(reader: InputReader, { secret }: Offer): boolean {
  const [access, key] = [secret.get('access-key'), secret.get('secret-key')];
  if (access === undefined || key === undefined) return false;
  if (!/^[a-z\d]{40}$/i.test(access.value.reveal()) || !/^[a-z\d]{20}$/i.test(key.value.reveal())) return false;
  reader.mistake(
    `${access.name}, ${key.name}`,
    null,
    'These are swapped: an access key has 20 letters and digits, a secret key 40. Exchange the two values.',
  );
  return true;
}

const NO_ID_TOKEN = `The job may not ask GitHub for an ID token. Add to the job, and to the job that calls it if this is a reusable workflow:
permissions:
  id-token: write
  contents: read
Runs for pull requests from forks get no ID token, whatever the permissions say.`;

function buildOidc(reader: InputReader, provider: string, audience: string | null): Credentials | null {
  const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
  const requestToken = reader.secretVariable('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  const identityProvider = reader.parseAs('identity-provider', provider, parseIdentityProvider);
  if (requestUrl === null || requestToken === null) {
    reader.mistake('identity-provider', provider, NO_ID_TOKEN);
    return null;
  }
  return identityProvider === null ? null : { method: 'oidc', identityProvider, audience, requestUrl, requestToken };
}
