/**
 * Where to work: the member projects, their region, and the addresses of the services.
 */
import type { Unconfirmed } from '../config.ts';
import { ownDomain, REGIONS, regionOf, regionOfAuthUrl } from '../regions.ts';
import type { AgencyReading } from './agency-inputs.ts';
import { noteProjects, noteRegions, noteUrls } from './disagreement.ts';
import type { InputReader, Variable } from './input-reader.ts';
import { parseProjects } from './list.ts';
import type { LoginChoice } from './login.ts';
import { lineOf, listed, projectOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';
import { unread } from './unread-variables.ts';
import { parseAuthUrl, parseImsEndpoint } from './url.ts';
import { namesOf } from './variables.ts';

export interface Place {
  /** As `Config.projects`; null if they are wrong or missing. */
  readonly projects: readonly string[] | null;
  /** As `Config.projectSource`. */
  readonly projectSource: string;
  /** As `Config.unconfirmed`. */
  readonly unconfirmed: readonly Unconfirmed[];
  readonly region: string | null;
  readonly imsEndpoint: string | null;
  readonly authUrl: string | null;
}

/** readPlace reads projects, region and endpoints, and makes sure that every project's endpoints can be found. */
export function readPlace(reader: InputReader, login: LoginChoice, agency: AgencyReading): Place {
  const candidates = namesOf(agency.wanted ? ['delegated-project', 'project'] : ['project'], login.family);
  const variable =
    reader.given('project') === null && mayComeFromEnvironment(login, agency) ? reader.firstVariable(candidates) : null;
  const projects = readProjects(reader, variable, login, agency);
  const others = namesOf(['delegated-project', 'project'], login.family);
  const unconfirmed = projects === null ? [] : noteProjects(reader, projects, variable, others);
  const projectSource = variable?.name ?? 'project';
  const before = reader.count;
  const given = reader.parse('region', lineOf(64));
  const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
  const inputRegion = given === null ? commonOf(variable === null ? (projects ?? []) : [], null) : regionInput(given);
  const authUrl = readAuthUrl(reader, inputRegion, login);
  const regionNames = namesOf(['region'], login.family);
  const choice = given === null ? regionElse(reader, projects ?? [], variable, regionNames) : regionInput(given);
  noteRegions(reader, choice ?? commonOf(projects ?? [], variable), regionNames);
  const place = { projects, projectSource, unconfirmed, region: choice?.text ?? null, imsEndpoint, authUrl };
  // If one of them is wrong, nothing sensible can be said about how they go together.
  if (reader.count > before) return place;
  checkEndpoints(reader, place, choice, login.method === 'aksk' && !agency.wanted);
  if (authUrl === null) checkCloud(reader, place);
  return place;
}

/** A token that is an input brings its own project, so a project in the environment is ignored. */
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
      `Give the ID or name of the member project, which accepts or rejects the images. ${why}${unread(reader, 'project')}`,
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

/**
 * An address in the environment is ignored if it belongs to another known region than the inputs name, or, if another tool set it, than
 * the region of the tool that the credentials come from.
 */
function readAuthUrl(reader: InputReader, input: Variable | null, { family }: LoginChoice): string | null {
  const names = namesOf(['auth-url'], family);
  const url = reader.parse('auth-url', parseAuthUrl);
  if (reader.given('auth-url') !== null) {
    noteUrls(reader, { name: 'auth-url', text: url ?? '' }, names);
    return url;
  }
  const isOwn = (name: string) => family !== null && name.startsWith(`${family}_`);
  const own = reader.firstVariable(namesOf(['region'], family).filter(isOwn));
  const isElsewhere = (name: string) => {
    const region = (input ?? (isOwn(name) ? null : own))?.text ?? '';
    const itsRegion = regionOfAuthUrl(reader.variable(name) ?? '');
    return region in REGIONS && itsRegion !== null && itsRegion !== region;
  };
  const variable = reader.firstVariable(names.filter((name) => !isElsewhere(name)));
  if (variable === null) {
    noteUrls(reader, { name: (input ?? own)?.name ?? 'region', text: null }, names);
    return null;
  }
  const text = reader.parseAs(variable.name, variable.text, parseAuthUrl);
  noteUrls(reader, { name: variable.name, text: text ?? '' }, names);
  return text;
}

function regionInput(text: string): Variable {
  return { name: 'region', text };
}

/** The region that all projects' names begin with. */
function commonOf(projects: readonly string[], variable: Variable | null): Variable | null {
  const [first, ...others] = new Set(projects.map(regionOf));
  return first === undefined || first === null || others.length > 0
    ? null
    : { name: variable?.name ?? 'project', text: first };
}

/** The region if no input gives one: null if it follows from each project's own name, or from nothing. */
function regionElse(
  reader: InputReader,
  projects: readonly string[],
  variable: Variable | null,
  names: readonly string[],
): Variable | null {
  const named = projects.map(regionOf);
  if (projects.length > 0 && named.every((region) => region !== null)) return null;
  const beside = nameBeside(variable);
  const besideRegion = beside === null ? null : regionOf(reader.variable(beside) ?? '');
  const choice =
    besideRegion === null || beside === null ? reader.firstVariable(names) : { name: beside, text: besideRegion };
  const other = named.find((region) => region !== null && region !== choice?.text);
  if (choice !== null && other !== undefined) {
    reader.mistake(
      'project',
      projects,
      `The names belong to region \`${other}\`, but \`${choice.name}\` is \`${choice.text}\` for the projects given by ID. Give all projects by name, or use one run for each region.`,
    );
  }
  return choice === null
    ? null
    : { ...choice, text: reader.parseAs(choice.name, choice.text, lineOf(64)) ?? choice.text };
}

/** The region does not follow from a variable with an ID, but from the name that the same tool gives beside it. */
function nameBeside(variable: Variable | null): string | null {
  const name = variable?.name.replace(/_ID$/, '_NAME') ?? '';
  return name !== variable?.name && namesOf(['project'], null).includes(name) ? name : null;
}

function checkEndpoints(reader: InputReader, place: Place, choice: Variable | null, withoutToken: boolean): void {
  const { projects, imsEndpoint, authUrl } = place;
  if (imsEndpoint !== null && authUrl !== null) return;
  // The catalog of a token that IAM issued names the image service; keys bring no token.
  const catalogTells = authUrl !== null && !withoutToken;
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
  const [cloud = ''] = namesOf(['cloud'], null);
  const domain =
    reader.variable(cloud) === null
      ? ''
      : ` \`${cloud}\` is set, but the addresses of the services do not follow from a domain.`;
  return `Give \`region\`, one of ${Object.keys(REGIONS).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.${domain}${unread(reader, 'region')}`;
}

/** Of a name in DNS. */
const LONGEST_DOMAIN = 253;

/** The tool that HW_CLOUD is for would go to this domain; the action goes to the region's. */
function checkCloud(reader: InputReader, { projects, region }: Place): void {
  const [name = ''] = namesOf(['cloud'], null);
  const set = reader.variable(name);
  const cloud = set === null ? null : reader.parseAs(name, set, lineOf(LONGEST_DOMAIN));
  if (cloud === null) return;
  const wanted = cloud
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[./]+$/, '');
  const regions = region === null ? (projects ?? []).map(regionOf) : [region];
  const own = regions.filter((id) => id !== null).map((id) => [id, ownDomain(id)] as const);
  const other = own.find(([, domain]) => domain !== null && domain !== wanted);
  if (other === undefined) return;
  reader.mistake(
    name,
    cloud,
    `Region \`${other[0]}\` is on the domain \`${other[1]}\`. Unset the variable if that is right; otherwise give the addresses of the cloud that you mean as \`auth-url\` and \`ims-endpoint\`.`,
  );
}
