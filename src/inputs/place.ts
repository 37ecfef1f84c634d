/**
 * Where to work: the region, and the addresses of the services.
 */
import type { Config } from '../config.ts';
import { ownDomain, REGIONS, regionOf, regionOfAuthUrl } from '../regions.ts';
import { noteRegions, noteUrls } from './disagreement.ts';
import type { InputReader, Variable } from './input-reader.ts';
import type { LoginReading } from './login.ts';
import { lineOf, listed } from './parse.ts';
import type { ProjectChoice } from './projects.ts';
import { unread } from './unread-variables.ts';
import { parseAuthUrl, parseImsEndpoint } from './url.ts';
import { isOf } from './variables.ts';

export type Place = Pick<Config, 'region' | 'imsEndpoint' | 'authUrl'>;

/** readPlace reads region and endpoints, and makes sure that every project's endpoints can be found. */
export function readPlace(
  reader: InputReader,
  { method, family, isAgency }: LoginReading,
  chosen: ProjectChoice,
): Place {
  const { projectSource } = chosen;
  const projects = chosen.projects ?? [];
  const before = reader.count;
  const given = reader.parse('region', lineOf(64));
  const input = given === null ? null : { name: 'region', text: given };
  const [named, ...others] = new Set(projects.map(regionOf));
  const common = named == null || others.length > 0 ? null : { name: projectSource, text: named };
  const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
  const authUrl = readAuthUrl(reader, input ?? (projectSource === 'project' ? common : null), family);
  const regions = reader.variables(['region'], family);
  const choice = input ?? regionElse(reader, projects, projectSource, regions);
  noteRegions(reader, choice ?? common, regions);
  const place = { region: choice?.text ?? null, imsEndpoint, authUrl };
  // If one of them is wrong, nothing sensible can be said about how they go together.
  if (reader.count > before) return place;
  checkEndpoints(reader, place, choice, chosen.projects, method === 'aksk' && !isAgency);
  if (authUrl === null) checkCloud(reader, choice === null ? projects.map(regionOf) : [choice.text]);
  return place;
}

/**
 * An address in the environment is ignored if it belongs to another known region than the inputs name, or, if another tool set it, than
 * the region of the tool that the credentials come from.
 */
function readAuthUrl(reader: InputReader, input: Variable | null, family: LoginReading['family']): string | null {
  const candidates = reader.candidates('auth-url', family);
  const isOwn = ({ name }: Variable) => family !== null && isOf(family, name);
  const own = reader.variables(['region'], family).find(isOwn);
  const isElsewhere = (address: Variable) => {
    const region = (input ?? (isOwn(address) ? null : own))?.text ?? '';
    const itsRegion = regionOfAuthUrl(address.text);
    return region in REGIONS && itsRegion !== null && itsRegion !== region;
  };
  const used = candidates.find((address) => address.name === 'auth-url' || !isElsewhere(address));
  const url = reader.parseVariable(used?.name, parseAuthUrl);
  const source = used ?? input ?? own;
  noteUrls(reader, source?.name ?? 'region', used === undefined ? null : (url ?? ''), candidates);
  return url;
}

/** The region if no input gives one: null if it follows from each project's own name, or from nothing. */
function regionElse(
  reader: InputReader,
  projects: readonly string[],
  source: string,
  regions: readonly Variable[],
): Variable | null {
  const named = projects.map(regionOf);
  if (projects.length > 0 && !named.includes(null)) return null;
  const [first = null] = regions;
  const beside = regionBeside(reader, source);
  if (beside === null && first !== null) reader.parseVariable(first.name, lineOf(64));
  const choice = beside ?? first;
  const other = named.find((region) => region !== null && region !== choice?.text);
  if (choice !== null && other !== undefined) {
    reader.mistake(
      'project',
      projects,
      `The names belong to region \`${other}\`, but \`${choice.name}\` is \`${choice.text}\` for the projects given by ID. Give all projects by name, or use one run for each region.`,
    );
  }
  return choice;
}

/** The region does not follow from a variable with an ID, but from the name that the same tool gives beside it. */
function regionBeside(reader: InputReader, source: string): Variable | null {
  const [, prefix] = /^(.+)_ID$/.exec(source) ?? [];
  const beside = reader.variables(['project'], null).find(({ name }) => name === `${prefix}_NAME`);
  const region = regionOf(beside?.text ?? '');
  return beside === undefined || region === null ? null : { name: beside.name, text: region };
}

/** @param keysOnly whether no token is obtained, so that there is no catalog either */
function checkEndpoints(
  reader: InputReader,
  { imsEndpoint, authUrl }: Place,
  choice: Variable | null,
  projects: readonly string[] | null,
  keysOnly: boolean,
): void {
  if (imsEndpoint !== null && authUrl !== null) return;
  // The catalog of a token that IAM issued names the image service.
  const catalogTells = authUrl !== null && !keysOnly;
  if (choice !== null) {
    if (!(choice.text in REGIONS) && !catalogTells)
      reader.mistake(choice.name, choice.text, `This region is not known. ${eitherOr(reader)}`);
    return;
  }
  // What is wrong with the projects may be all that is wrong.
  if (projects === null) return;
  const unnamed = projects.filter((project) => regionOf(project) === null);
  if (projects.length > 0 && unnamed.length === 0) return;
  if (catalogTells || (authUrl !== null && regionOfAuthUrl(authUrl) !== null)) return;
  const whose = unnamed.length === 0 ? "the token's project" : listed(unnamed, 'and');
  reader.mistake('region', null, `No region is known for ${whose}. ${eitherOr(reader)}`);
}

function eitherOr(reader: InputReader): string {
  const domain =
    reader.variable('HW_CLOUD') === null
      ? ''
      : ' `HW_CLOUD` is set, but the addresses of the services do not follow from a domain.';
  return `Give \`region\`, one of ${Object.keys(REGIONS).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.${domain}${unread(reader, 'region')}`;
}

/** Of a name in DNS. */
const LONGEST_DOMAIN = 253;

/** The tool that HW_CLOUD is for would go to this domain; the action goes to the region's. */
function checkCloud(reader: InputReader, regions: readonly (string | null)[]): void {
  const cloud = reader.parseVariable('HW_CLOUD', lineOf(LONGEST_DOMAIN));
  const wanted = cloud
    ?.toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[./]+$/, '');
  const region = regions.find((id) => id !== null && ![null, wanted].includes(ownDomain(id)));
  if (cloud === null || region == null) return;
  reader.mistake(
    'HW_CLOUD',
    cloud,
    `Region \`${region}\` is on the domain \`${ownDomain(region)}\`. Unset the variable if that is right; otherwise give the addresses of the cloud that you mean as \`auth-url\` and \`ims-endpoint\`.`,
  );
}
