/**
 * From the parts of one method to credentials, or to mistakes: values that were damaged on their way are refused here, because IAM
 * would only refuse the login.
 */
import type { Credentials, DomainReference } from '../config.ts';
import type { Secret } from '../secret.ts';
import type { InputReader } from './input-reader.ts';
import { complete, isQuoted, lineOf, NO_QUOTES, parseIdentityProvider } from './parse.ts';
import type { InputName, PlainInput, SecretInput } from './table.ts';

type Sources = ReadonlyMap<InputName, string>;

const LONGEST_NAME = 255;

/**
 * buildCredentials gives the credentials of a method that lacks nothing; null if a value is wrong, which was noted as a mistake.
 * @param sources the input or variable that holds each part
 */
export function buildCredentials(
  reader: InputReader,
  method: Credentials['method'],
  sources: Sources,
): Credentials | null {
  const text = (part: PlainInput, parser = lineOf(LONGEST_NAME)) => reader.parseVariable(sources.get(part), parser);
  const secret = (part: SecretInput) => readSecret(reader, part, sources.get(part));
  switch (method) {
    case 'token':
      return complete({ method, token: secret('token') });
    case 'password': {
      const user = { method, username: text('username'), password: secret('password'), domain: text('domain') };
      const whole = complete(user);
      if (whole === null) return null;
      const domain = domainOf(sources.get('domain'), whole.domain);
      return { ...whole, domain, projectDomain: readProjectDomain(reader) ?? domain };
    }
    case 'application-credential':
      return complete({
        method,
        id: text('application-credential-id'),
        secret: secret('application-credential-secret'),
      });
    case 'aksk': {
      if (areSwapped(reader, sources)) return null;
      const keys = complete({ method, accessKey: secret('access-key'), secretKey: secret('secret-key') });
      const securityToken = secret('security-token');
      return keys && { ...keys, securityToken };
    }
    case 'oidc': {
      const identityProvider = text('identity-provider', parseIdentityProvider);
      const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
      const requestToken = reader.secret('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
      if (requestUrl === null || requestToken === null)
        reader.mistake('identity-provider', reader.given('identity-provider'), NO_ID_TOKEN);
      const audience = text('audience');
      const provider = complete({ method, identityProvider, requestUrl, requestToken });
      return provider && { ...provider, audience };
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
  const source = reader.candidates('project-domain')[0]?.name;
  const text = reader.parseVariable(source, lineOf(LONGEST_NAME));
  return text === null ? null : domainOf(source, text);
}

function readSecret(reader: InputReader, part: SecretInput, source: string | undefined): Secret | null {
  const secret = reader.secret(source);
  const flaw = secret === null ? null : flawOf(part, secret.reveal());
  if (source === undefined || flaw === null) return secret;
  reader.mistake(source, null, flaw);
  return null;
}

/** Tokens and keys travel in a header. Other secrets may hold blanks, and a password may hold quotes, but neither a line break. */
function flawOf(part: SecretInput, text: string): string | null {
  const inHeader = part !== 'password' && part !== 'application-credential-secret';
  if (!inHeader && /[\r\n]/.test(text)) return 'Expected one line: was it wrapped, or joined with something else?';
  if (part !== 'password' && isQuoted(text)) return NO_QUOTES;
  if (!inHeader || /^(?!\*+$)[\x21-\x7e]+$/.test(text)) return null;
  return /^\*+$/.test(text)
    ? 'The value consists of asterisks: it was replaced by a mask on its way. A masked value cannot be passed on; read the secret itself in this job.'
    : 'Expected one line of printable ASCII characters without white space: was it cut, wrapped or joined with something else?';
}

/** Access keys have 20 letters and digits, secret keys 40 (OTC, Access Keys). Swapped, the secret key would be sent in the clear. */
function areSwapped(reader: InputReader, sources: Sources): boolean {
  const names = [sources.get('access-key'), sources.get('secret-key')];
  const [access, key] = names.map((name) => reader.variable(name) ?? '');
  if (!/^[a-z\d]{40}$/i.test(access ?? '') || !/^[a-z\d]{20}$/i.test(key ?? '')) return false;
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
