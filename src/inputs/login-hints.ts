/**
 * What may explain a refused login: values that look odd but may be right, and variables that were not read.
 */
import type { Credentials, Hints } from '../config.ts';
import { isAccountId } from '../values.ts';
import type { InputReader } from './input-reader.ts';
import type { LoginReading } from './login.ts';
import { listed } from './parse.ts';
import { unread } from './unread-variables.ts';
import { isOf, READ_VARIABLES } from './variables.ts';

/** readHints gives sentences for errors that may come later. */
export function readHints(reader: InputReader, login: LoginReading): Hints {
  // The project's domain is compared for method password only.
  const isIdle = login.method !== 'password' && reader.variable('OS_PROJECT_DOMAIN_NAME') !== null;
  const domain = isIdle ? ' `OS_PROJECT_DOMAIN_NAME` is set, but has no effect with this method.' : '';
  return {
    login: loginHints(reader, login).filter((hint) => hint !== ''),
    project: domain + unread(reader, 'project'),
    region: unread(reader, 'region'),
    certificate: unread(reader, 'certificate').trim(),
  };
}

function loginHints(reader: InputReader, { credentials, sources }: LoginReading): readonly string[] {
  if (credentials?.method === 'aksk')
    return credentials.securityToken === null ? [tokenBeside(reader), unread(reader, 'refused keys').trim()] : [];
  if (credentials?.method !== 'password') return [];
  const name = sources.find((source) => /domain/i.test(source)) ?? 'domain';
  return [
    isAccountId(nameOf(credentials)) ? `\`${name}\` looks like the ID of an account: give the account's name.` : '',
    ...sources
      .filter((source) => reader.isPadded(source))
      .map(
        (source) =>
          `\`${source}\` has a blank at one end, which was not sent: if it belongs to the value, change the value at IAM.`,
      ),
    unread(reader, 'refused password', 'project').trim(),
  ];
}

/** Keys that are inputs are not completed from the environment. */
function tokenBeside(reader: InputReader): string {
  const [first] = reader.variables(['security-token'], null);
  return first === undefined ? '' : `\`${first.name}\` is set, but does not count: give it as \`security-token\`.`;
}

/** The user's domain; empty if it is given by its ID, as it can be on plain OpenStack. */
function nameOf({ domain }: Extract<Credentials, { method: 'password' }>): string {
  return 'name' in domain ? domain.name : '';
}

/**
 * checkDomains refuses a project's domain other than the user's, which would lead elsewhere if it were read. If the user was given by
 * inputs, it only does not count.
 */
export function checkDomains(reader: InputReader, { credentials, family, isAgency }: LoginReading): void {
  if (credentials?.method !== 'password') return;
  const domain = nameOf(credentials);
  const differing = (role: 'project-domain' | 'domain') =>
    reader.variables([role], family).filter(({ text }) => text.toLowerCase() !== domain.toLowerCase());
  for (const { name, text } of differing('project-domain')) {
    if (family !== null && !isAgency)
      reader.mistake(
        name,
        text,
        `The user belongs to domain \`${domain}\`, and the project has to be one of that domain. Unset the variable, or log in with a user of the project's domain; an agency leads to a project of another account.`,
      );
    else reader.note(`\`${name}\` is ignored: the project belongs to the domain of the login`);
  }
  if (family === null) return;
  for (const { name } of differing('domain').filter((one) => isOf(family, one.name)))
    reader.note(`\`${name}\` is ignored: the user's domain is given as well`);
}

/** warnOfInsecure warns that no variable switches the check of certificates off. */
export function warnOfInsecure(reader: InputReader): void {
  const set = READ_VARIABLES.filter(({ role }) => role === 'insecure')
    .map(({ name }) => name)
    .filter((name) => !/^(|0|f|false|n|no|off)$/i.test(reader.variable(name) ?? ''));
  if (set.length === 0) return;
  reader.warn(
    `${listed(set, 'and')} ${set.length === 1 ? 'has' : 'have'} no effect: certificates are always checked. If a private authority signs them, name its certificate in \`NODE_EXTRA_CA_CERTS\`.`,
  );
}
