/**
 * Where to work: the member projects, and how their region and endpoints are found.
 */
import { REGIONS, regionOf, regionOfAuthUrl } from '../regions.ts';
import type { AgencyReading } from './agency-inputs.ts';
import type { InputReader, Variable } from './input-reader.ts';
import { parseProjects } from './list.ts';
import type { LoginChoice } from './login.ts';
import { lineOf, listed, projectOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';
import { parseAuthUrl, parseImsEndpoint } from './url.ts';

export interface Place {
  /** As `Config.projects`; null where they are wrong or missing. */
  readonly projects: readonly string[] | null;
  readonly region: string | null;
  readonly imsEndpoint: string | null;
  readonly authUrl: string | null;
}

/** Where several variables are set, the first one counts: OpenStack's before Huawei's, an ID before a name. */
const PROJECT_VARIABLES = [
  'OS_PROJECT_ID',
  'OS_PROJECT_NAME',
  'HW_PROJECT_ID',
  'HW_PROJECT_NAME',
  'HUAWEI_CLOUD_PROJECT_ID',
];
const REGION_VARIABLES = ['OS_REGION_NAME', 'HW_REGION_NAME', 'HUAWEI_CLOUD_REGION'];

/** A variable with an ID says nothing of the region, but the name that the same tool gave beside it does. */
const NAME_BESIDE: ReadonlyMap<string, string> = new Map([
  ['OS_PROJECT_ID', 'OS_PROJECT_NAME'],
  ['HW_PROJECT_ID', 'HW_PROJECT_NAME'],
]);

/** readPlace reads projects, region and endpoints, and makes sure that every project's endpoints can be found. */
export function readPlace(reader: InputReader, login: LoginChoice, agency: AgencyReading): Place {
  const variable =
    reader.given('project') === null && mayComeFromEnvironment(login, agency)
      ? reader.firstVariable(PROJECT_VARIABLES)
      : null;
  const projects = readProjects(reader, variable, login, agency);
  const before = reader.count;
  const given = reader.parse('region', lineOf(64));
  const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
  const authUrl = readAuthUrl(reader, given);
  const choice = given === null ? regionElse(reader, projects ?? [], variable) : { name: 'region', text: given };
  const place = { projects, region: choice?.text ?? null, imsEndpoint, authUrl };
  // Where one of them is wrong, nothing sensible can be said about how they go together.
  if (reader.count === before)
    checkEndpoints(reader, place, projects, choice, login.method === 'aksk' && !agency.wanted);
  return place;
}

/** A token that is an input brings its own project, so a project that happens to be in the environment is not meant. */
function mayComeFromEnvironment({ method, from }: LoginChoice, agency: AgencyReading): boolean {
  return method !== 'token' || from === 'environment' || agency.wanted;
}

function readProjects(
  reader: InputReader,
  variable: Variable | null,
  { method }: LoginChoice,
  agency: AgencyReading,
): readonly string[] | null {
  const given = reader.given('project');
  if (given === null && variable !== null) {
    const project = reader.parseAs(variable.name, variable.text, parseProject);
    return project === null ? null : [project];
  }
  if (given === null) {
    if (method === 'token' && !agency.wanted) return [];
    const why = agency.wanted
      ? 'With an agency it is a project of the account that created the agency.'
      : 'Only with `token` can it be left out.';
    reader.mistake(
      'project',
      null,
      `Give the ID or name of the member project, which accepts or rejects the images. ${why}`,
    );
    return null;
  }
  const projects = reader.parse('project', parseProjects);
  // With an agency the token only proves who is asking, and a token of the agency is obtained for each project.
  if (projects !== null && projects.length > 1 && method === 'token' && !agency.wanted) {
    reader.mistake(
      'project',
      projects,
      'Expected one project: a token belongs to a single one. Use another method, or a step for each project.',
    );
  }
  return projects;
}

function parseProject(text: string): Parsed<string> {
  return projectOf(text) === null
    ? wrong(text, 'Expected the ID or name of a project: letters, digits, `_` and `-`, at most 64.')
    : right(text);
}

/** An address in the environment that belongs to another known region than the input says is not meant: inputs win. */
function readAuthUrl(reader: InputReader, region: string | null): string | null {
  if (reader.given('auth-url') !== null) return reader.parse('auth-url', parseAuthUrl);
  const text = reader.variable('OS_AUTH_URL');
  if (text === null) return null;
  const itsRegion = regionOfAuthUrl(text);
  if (region !== null && region in REGIONS && itsRegion !== null && itsRegion !== region) return null;
  return reader.parseAs('OS_AUTH_URL', text, parseAuthUrl);
}

/** The region where no input gives one: null where each project's own name says it, or nothing does. */
function regionElse(reader: InputReader, projects: readonly string[], variable: Variable | null): Variable | null {
  const named = projects.map(regionOf);
  if (projects.length > 0 && named.every((region) => region !== null)) return null;
  const beside = NAME_BESIDE.get(variable?.name ?? '');
  const besideRegion = beside === undefined ? null : regionOf(reader.variable(beside) ?? '');
  const choice =
    besideRegion === null || beside === undefined
      ? reader.firstVariable(REGION_VARIABLES)
      : { name: beside, text: besideRegion };
  const other = named.find((region) => region !== null && region !== choice?.text);
  if (choice !== null && other !== undefined) {
    reader.mistake(
      'project',
      projects,
      `The names say \`${other}\`, but \`${choice.name}\` says \`${choice.text}\` for the projects given by ID. Give all of them by name, or a run for each region.`,
    );
  }
  return choice;
}

function checkEndpoints(
  reader: InputReader,
  place: Place,
  projects: readonly string[] | null,
  choice: Variable | null,
  withoutToken: boolean,
): void {
  const { imsEndpoint, authUrl } = place;
  if (imsEndpoint !== null && authUrl !== null) return;
  if (choice !== null) {
    if (!(choice.text in REGIONS)) reader.mistake(choice.name, choice.text, `This region is not known. ${eitherOr()}`);
    return;
  }
  // What is wrong with the projects may be all that is wrong.
  if (projects === null) return;
  const unnamed = projects.filter((project) => regionOf(project) === null);
  if (projects.length > 0 && unnamed.length === 0) return;
  // The catalog of a token that IAM issued names the image service; keys bring no token.
  if (authUrl !== null && (regionOfAuthUrl(authUrl) !== null || !withoutToken)) return;
  const whose = unnamed.length === 0 ? "the token's project" : listed(unnamed, 'and');
  reader.mistake('region', null, `Nothing tells the region of ${whose}. ${eitherOr()}`);
}

function eitherOr(): string {
  return `Give \`region\`, one of ${Object.keys(REGIONS).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.`;
}
