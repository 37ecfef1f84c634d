/**
 * The agency to assume after the login: both of its names or neither, from the inputs or from the environment.
 */
import type { Agency } from '../config.ts';
import type { InputReader } from './input-reader.ts';
import { lineOf } from './parse.ts';

const LONGEST_NAME = 64;

/** AgencyReading tells an agency that is not wanted from one that is wrong, because a project is mandatory with either. */
export interface AgencyReading {
  readonly agency: Agency | null;
  readonly wanted: boolean;
}

/** readAgency reads the inputs, or the variables where neither input is given. */
export function readAgency(reader: InputReader): AgencyReading {
  const [name, domain] = [reader.given('agency-name'), reader.given('agency-domain')];
  if (name !== null || domain !== null) return pair(reader, ['agency-name', name], ['agency-domain', domain]);
  return pair(
    reader,
    ['OS_AGENCY_NAME', reader.variable('OS_AGENCY_NAME')],
    ['OS_AGENCY_DOMAIN_NAME', reader.variable('OS_AGENCY_DOMAIN_NAME')],
  );
}

type Half = readonly [name: string, value: string | null];

function pair(reader: InputReader, [nameOf, name]: Half, [domainOf, domain]: Half): AgencyReading {
  if (name === null && domain === null) return { agency: null, wanted: false };
  if (name === null || domain === null) {
    const [given, value, lacking] = name === null ? [domainOf, domain, nameOf] : [nameOf, name, domainOf];
    reader.mistake(
      given,
      value,
      `An agency needs its name and the account that created it: give \`${lacking}\` too, or neither.`,
    );
    return { agency: null, wanted: true };
  }
  const parse = lineOf(LONGEST_NAME);
  const agency = { name: reader.parseAs(nameOf, name, parse), domain: reader.parseAs(domainOf, domain, parse) };
  if (agency.name === null || agency.domain === null) return { agency: null, wanted: true };
  return { agency: { name: agency.name, domain: agency.domain }, wanted: true };
}
