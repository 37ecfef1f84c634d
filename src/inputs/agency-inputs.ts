/**
 * The agency to assume after the login: both of its names or neither, from the inputs or from one family of variables.
 */
import type { Agency } from '../config.ts';
import { type Offer, offerOf } from './families.ts';
import { type InputReader, theseAre } from './input-reader.ts';
import type { LoginChoice } from './login.ts';
import { lineOf } from './parse.ts';
import { isComplete } from './parsed.ts';
import type { InputName } from './table.ts';
import { unread } from './unread-variables.ts';
import { familiesFrom } from './variables.ts';

const LONGEST_NAME = 64;

/** AgencyReading distinguishes an agency that is not wanted from one that is wrong, because a project is mandatory with either. */
export interface AgencyReading {
  readonly agency: Agency | null;
  readonly wanted: boolean;
}

/** readAgency reads the inputs, or the variables if neither input is given: those of the credentials' family first. */
export function readAgency(reader: InputReader, { family }: LoginChoice): AgencyReading {
  const parts = ['agency-name', 'agency-domain'] as const;
  const [used, ...others] = [null, ...familiesFrom(family)]
    .map((each) => offerOf(reader, parts, each))
    .filter(({ names }) => names.length > 0);
  if (used === undefined) return { agency: null, wanted: false };
  const [name = '', domain = ''] = used.names;
  const textOf = ({ sources }: Offer, part: InputName) => reader.variable(sources.get(part) ?? '');
  for (const other of others) {
    const differ = parts.filter((part) => other.sources.has(part) && textOf(other, part) !== textOf(used, part));
    const names = differ.map((part) => other.sources.get(part) ?? '');
    if (names.length > 0) reader.note(`${theseAre(names)} ignored: \`${name}\` takes precedence`);
  }
  const [lacking] = used.missing;
  if (lacking !== undefined) {
    const cure = `An agency needs its name and the account that created it: give \`${lacking}\` too, or neither.`;
    reader.mistake(name, reader.variable(name), cure + unread(reader, 'agency'));
    return { agency: null, wanted: true };
  }
  const parse = lineOf(LONGEST_NAME);
  const agency = { name: reader.parseVariable(name, parse), domain: reader.parseVariable(domain, parse) };
  return { agency: isComplete(agency) ? agency : null, wanted: true };
}
