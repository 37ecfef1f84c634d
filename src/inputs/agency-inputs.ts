/**
 * The agency to assume after the login: both of its names or neither, from the inputs or from one family of variables.
 */
import type { Agency } from '../config.ts';
import type { InputReader } from './input-reader.ts';
import type { LoginChoice } from './login.ts';
import { lineOf, listed } from './parse.ts';
import { unread } from './unread-variables.ts';
import { namesOf } from './variables.ts';

const LONGEST_NAME = 64;

/** AgencyReading distinguishes an agency that is not wanted from one that is wrong, because a project is mandatory with either. */
export interface AgencyReading {
  readonly agency: Agency | null;
  readonly wanted: boolean;
}

interface Pair {
  readonly name: Half;
  readonly domain: Half;
}

interface Half {
  readonly source: string;
  readonly value: string | null;
}

/** readAgency reads the inputs, or the variables if neither input is given: those of the credentials' family first. */
export function readAgency(reader: InputReader, { family }: LoginChoice): AgencyReading {
  const inputs = {
    name: { source: 'agency-name', value: reader.given('agency-name') },
    domain: { source: 'agency-domain', value: reader.given('agency-domain') },
  };
  const names = namesOf(['agency-name'], family);
  const domains = namesOf(['agency-domain'], family);
  const half = (source: string): Half => ({ source, value: reader.variable(source) });
  const variables = names.map((name, at) => ({ name: half(name), domain: half(domains[at] ?? '') }));
  const [used, ...others] = [inputs, ...variables].filter(({ name, domain }) => name.value ?? domain.value);
  if (used === undefined) return { agency: null, wanted: false };
  for (const other of others) noteOther(reader, used, other);
  return read(reader, used);
}

function noteOther(reader: InputReader, used: Pair, other: Pair): void {
  const differ = (['name', 'domain'] as const)
    .filter((half) => other[half].value !== null && other[half].value !== used[half].value)
    .map((half) => other[half].source);
  if (differ.length === 0) return;
  const are = differ.length === 1 ? 'is' : 'are';
  reader.note(`${listed(differ, 'and')} ${are} ignored: \`${used.name.source}\` takes precedence`);
}

function read(reader: InputReader, { name, domain }: Pair): AgencyReading {
  const parse = lineOf(LONGEST_NAME);
  if (name.value === null || domain.value === null) {
    const [given, lacking] = name.value === null ? [domain, name] : [name, domain];
    reader.mistake(
      given.source,
      given.value,
      `An agency needs its name and the account that created it: give \`${lacking.source}\` too, or neither.${unread(reader, 'agency')}`,
    );
    return { agency: null, wanted: true };
  }
  const agency = {
    name: reader.parseAs(name.source, name.value, parse),
    domain: reader.parseAs(domain.source, domain.value, parse),
  };
  if (agency.name === null || agency.domain === null) return { agency: null, wanted: true };
  return { agency: { name: agency.name, domain: agency.domain }, wanted: true };
}
