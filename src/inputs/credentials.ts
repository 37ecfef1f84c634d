/**
 * From the parts of one method to credentials, or to mistakes: values that were damaged on their way are refused here, because IAM
 * would only refuse the login.
 */
import type { Credentials, DomainReference } from '../config.ts';
import type { Secret } from '../secret.ts';
import type { Offer } from './families.ts';
import type { InputReader } from './input-reader.ts';
import { isQuoted, lineOf, NO_QUOTES, parseIdentityProvider } from './parse.ts';
import { isComplete } from './parsed.ts';
import type { PlainInput, SecretInput } from './table.ts';

const LONGEST_NAME = 255;

/** buildCredentials gives the credentials of an offer that lacks nothing; null if a value is wrong, which was noted as a mistake. */
export function buildCredentials(
  reader: InputReader,
  method: Credentials['method'],
  { sources }: Offer,
): Credentials | null {
  const text = (part: PlainInput, parser = lineOf(LONGEST_NAME)) =>
    reader.parseVariable(sources.get(part) ?? '', parser);
  const secret = (part: SecretInput) => {
    const source = sources.get(part);
    return source === undefined ? null : checkedSecret(reader, part, source);
  };
  switch (method) {
    case 'token': {
      const parts = { method, token: secret('token') };
      return isComplete(parts) ? parts : null;
    }
    case 'password': {
      const parts = { method, username: text('username'), password: secret('password'), domain: text('domain') };
      if (!isComplete(parts)) return null;
      const domain = domainOf(sources.get('domain'), parts.domain);
      return { ...parts, domain, projectDomain: readProjectDomain(reader) ?? domain };
    }
    case 'application-credential': {
      const id = text('application-credential-id');
      const parts = { method, id, secret: secret('application-credential-secret') };
      return isComplete(parts) ? parts : null;
    }
    case 'aksk': {
      if (areSwapped(reader, sources)) return null;
      const parts = { method, accessKey: secret('access-key'), secretKey: secret('secret-key') };
      const securityToken = secret('security-token');
      return isComplete(parts) ? { ...parts, securityToken } : null;
    }
    case 'oidc': {
      const identityProvider = text('identity-provider', parseIdentityProvider);
      const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
      const requestToken = reader.secret('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
      if (requestUrl === null || requestToken === null)
        reader.mistake('identity-provider', reader.given('identity-provider'), NO_ID_TOKEN);
      const parts = { method, identityProvider, requestUrl, requestToken };
      const audience = text('audience');
      return isComplete(parts) ? { ...parts, audience } : null;
    }
  }
}

/** A value of this variable is an ID if the variable's name says so. */
function domainOf(source = '', text: string): DomainReference {
  return source.endsWith('_ID') ? { id: text } : { name: text };
}

/** On plain OpenStack a project that is given by name may belong to another domain than the user; null if none is given. */
function readProjectDomain(reader: InputReader): DomainReference | null {
  if (reader.api !== 'openstack') return null;
  const source = reader.candidates('project-domain')[0]?.name ?? '';
  const text = reader.parseVariable(source, lineOf(LONGEST_NAME));
  return text === null ? null : domainOf(source, text);
}

function checkedSecret(reader: InputReader, part: SecretInput, source: string): Secret | null {
  const secret = reader.secret(source);
  const inBody = part === 'password' || part === 'application-credential-secret';
  const flaw = (inBody ? flawInBody : flawInHeader)(secret?.reveal() ?? '', part);
  if (flaw !== null) reader.mistake(source, null, flaw);
  return flaw === null ? secret : null;
}

/** A token or key travels in a header. */
function flawInHeader(text: string): string | null {
  if (isQuoted(text)) return NO_QUOTES;
  if (/^\*+$/.test(text))
    return 'The value consists of asterisks: it was replaced by a mask on its way. A masked value cannot be passed on; read the secret itself in this job.';
  return /^[\x21-\x7e]+$/.test(text)
    ? null
    : 'Expected one line of printable ASCII characters without white space: was it cut, wrapped or joined with something else?';
}

/** A secret may hold blanks, and a password may hold quotes, but neither a line break. */
function flawInBody(text: string, part: SecretInput): string | null {
  if (/[\r\n]/.test(text)) return 'Expected one line: was it wrapped, or joined with something else?';
  return part !== 'password' && isQuoted(text) ? NO_QUOTES : null;
}

/** Access keys have 20 letters and digits, secret keys 40 (OTC, Access Keys). Swapped, the secret key would be sent in the clear. */
function areSwapped(reader: InputReader, sources: Offer['sources']): boolean {
  const names = [sources.get('access-key') ?? '', sources.get('secret-key') ?? ''];
  const [access = '', key = ''] = reader.set(names).map(({ text }) => text);
  if (!/^[a-z\d]{40}$/i.test(access) || !/^[a-z\d]{20}$/i.test(key)) return false;
  reader.mistake(
    names.join(', '),
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
