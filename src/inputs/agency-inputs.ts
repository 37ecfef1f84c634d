/**
 * The agency to assume after the login: both of its names or neither, from the inputs or from one family of variables.
 */
import type { Agency } from '../config.ts';
import { type InputReader, theseAre } from './input-reader.ts';
import { type LoginChoice, type Offer, offerOf } from './login.ts';
import { lineOf } from './parse.ts';
import { complete } from './parsed.ts';
import type { InputName } from './table.ts';
import { unread } from './unread-variables.ts';
import { familiesFrom } from './variables.ts';

const LONGEST_NAME = 64;

/** LoginReading is who acts. An agency that is not wanted is distinguished from a wrong one, because a project is mandatory with either. */
export interface LoginReading extends LoginChoice {
  readonly agency: Agency | null;
  readonly isAgency: boolean;
}

/** withAgency reads the inputs, or the variables if neither input is given: those of the credentials' family first. */
export function withAgency(reader: InputReader, login: LoginChoice): LoginReading {
  const parts = ['agency-name', 'agency-domain'] as const;
  const [used, ...others] = [null, ...familiesFrom(login.family)]
    .map((each) => offerOf(reader, parts, each))
    .filter(({ names }) => names.length > 0);
  if (used === undefined || reader.api === 'openstack') return { ...login, agency: null, isAgency: false };
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
    return { ...login, agency: null, isAgency: true };
  }
  const parse = lineOf(LONGEST_NAME);
  const agency = { name: reader.parseVariable(name, parse), domain: reader.parseVariable(domain, parse) };
  return { ...login, agency: complete(agency), isAgency: true };
}
