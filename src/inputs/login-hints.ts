/**
 * What may explain a refused login: values that look odd but may be right, and variables that were not read.
 */
import type { DomainReference } from '../config.ts';
import { isAccountId } from '../values.ts';
import type { AgencyReading } from './agency-inputs.ts';
import type { InputReader } from './input-reader.ts';
import type { LoginChoice } from './login.ts';
import { listed } from './parse.ts';
import { unread } from './unread-variables.ts';
import { namesOf } from './variables.ts';

/** loginHints gives a line for each possible cause. */
export function loginHints(reader: InputReader, { credentials, sources }: LoginChoice): readonly string[] {
  const padded = sources
    .filter((name) => reader.isPadded(name))
    .map(
      (name) =>
        `\`${name}\` has a blank at one end, which was not sent: if it belongs to the value, change the value at IAM.`,
    );
  switch (credentials?.method) {
    case 'password': {
      const name = sources.find((source) => /domain/i.test(source)) ?? 'domain';
      const id = isAccountId(nameOf(credentials.domain))
        ? [`\`${name}\` looks like the ID of an account: give the account's name.`]
        : [];
      return [...id, ...padded, ...sentences(unread(reader, 'refused password', 'project'))];
    }
    case 'aksk':
      return credentials.securityToken === null ? sentences(unread(reader, 'refused keys')) : [];
    default:
      return [];
  }
}

/** projectHint explains credentials of another project. The project's domain is compared for method password only. */
export function projectHint(reader: InputReader, { method }: LoginChoice): string {
  const [name = ''] = namesOf(['project-domain'], null);
  const domain =
    method === 'password' || reader.variable(name) === null
      ? ''
      : ` \`${name}\` is set, but has no effect with this method.`;
  return `${domain}${unread(reader, 'project')}`;
}

function sentences(text: string): readonly string[] {
  return text === '' ? [] : [text.trim()];
}

/** Empty for a domain that is given by its ID, as it can be on plain OpenStack. */
function nameOf(domain: DomainReference): string {
  return 'name' in domain ? domain.name : '';
}

/**
 * checkDomains refuses a project's domain other than the user's, which would lead elsewhere if it were read. If the user was given by
 * inputs, it only does not count.
 */
export function checkDomains(
  reader: InputReader,
  { credentials, from, family }: LoginChoice,
  agency: AgencyReading,
): void {
  if (credentials?.method !== 'password') return;
  const domain = nameOf(credentials.domain);
  const differs = (name: string) => {
    const text = reader.variable(name);
    return text !== null && text.toLowerCase() !== domain.toLowerCase();
  };
  for (const name of namesOf(['project-domain'], family).filter(differs)) {
    if (from === 'environment' && !agency.wanted)
      reader.mistake(
        name,
        reader.variable(name),
        `The user belongs to domain \`${domain}\`, and the project has to be one of that domain. Unset the variable, or log in with a user of the project's domain; an agency leads to a project of another account.`,
      );
    else reader.note(`\`${name}\` is ignored: the project belongs to the domain of the login`);
  }
  if (from !== 'environment') return;
  for (const name of namesOf(['domain'], family).filter((one) => one.startsWith(`${family}_`) && differs(one)))
    reader.note(`\`${name}\` is ignored: the user's domain is given as well`);
}

/** warnOfInsecure warns that no variable switches the check of certificates off. */
export function warnOfInsecure(reader: InputReader): void {
  const set = namesOf(['insecure'], null).filter(
    (name) => !/^(|0|f|false|n|no|off)$/i.test(reader.variable(name) ?? ''),
  );
  if (set.length === 0) return;
  reader.warn(
    `${listed(set, 'and')} ${set.length === 1 ? 'has' : 'have'} no effect: certificates are always checked. If a private authority signs them, name its certificate in \`NODE_EXTRA_CA_CERTS\`.`,
  );
}
