/**
 * Plain OpenStack: who logs in, and where. Addresses and projects have other forms there, and several inputs do not exist.
 */
import type { Credentials, DomainReference } from '../config.ts';
import { noteProjects, noteRegions, noteUrls } from './disagreement.ts';
import { KEYSTONE_LOGIN } from './families.ts';
import type { InputReader, Variable } from './input-reader.ts';
import { parseKeystoneProjects } from './list.ts';
import { type LoginChoice, readLogin } from './login.ts';
import { lineOf, listed } from './parse.ts';
import type { Place } from './place.ts';
import type { PlainInput } from './table.ts';
import { unread } from './unread-variables.ts';
import { parseGlanceUrl, parseKeystoneUrl } from './url.ts';
import { READ_VARIABLES, type Role } from './variables.ts';

const LONGEST_NAME = 255;
const LONGEST_PROJECT = 64;

/** readOpenStack reads login and place. */
export function readOpenStack(reader: InputReader): { readonly login: LoginChoice; readonly place: Place } {
  refuseUnknown(reader);
  warnOfOthers(reader);
  const login = readLogin(reader, KEYSTONE_LOGIN);
  const credentials = login.credentials === null ? null : withProjectDomain(reader, login.credentials);
  if (login.method !== 'password' && login.method !== null && reader.given('project-domain') !== null)
    reader.mistake(
      'project-domain',
      reader.given('project-domain'),
      'Expected with method password only: a token or application credential carries its project. Leave it out.',
    );
  return { login: { ...login, credentials }, place: readPlace(reader, login) };
}

/** refuseOpenStackInputs notes inputs that need `api: openstack`. */
export function refuseOpenStackInputs(reader: InputReader): void {
  const names = [
    ...(['project-domain', 'application-credential-id'] as const).filter((name) => reader.given(name) !== null),
    ...(reader.secret('application-credential-secret') === null ? [] : ['application-credential-secret']),
  ];
  if (names.length === 0) return;
  reader.mistake(names.join(', '), null, 'These are for plain OpenStack: set `api: openstack`, or leave them out.');
}

/** Inputs that belong to IMS and IAM. */
const UNKNOWN: readonly (readonly [inputs: readonly PlainInput[], expected: string])[] = [
  [['vault'], 'Plain OpenStack has no vaults'],
  [
    ['identity-provider', 'audience'],
    'Plain OpenStack does not take the ID token of the workflow: use an application credential',
  ],
  [['agency-name', 'agency-domain'], 'Plain OpenStack has no agencies: use credentials of the member project'],
];

function refuseUnknown(reader: InputReader): void {
  const refuse = (names: readonly string[], expected: string) => {
    if (names.length > 0) reader.mistake(names.join(', '), null, `${expected}. Leave it out, or set \`api: ims\`.`);
  };
  for (const [inputs, expected] of UNKNOWN)
    refuse(
      inputs.filter((name) => reader.given(name) !== null),
      expected,
    );
  refuse(
    (['access-key', 'secret-key', 'security-token'] as const).filter((name) => reader.secret(name) !== null),
    'Plain OpenStack does not take signed requests: use an application credential',
  );
}

const OTHER_ROLES: ReadonlySet<Role> = new Set<Role>([
  'access-key',
  'secret-key',
  'security-token',
  'agency-name',
  'agency-domain',
  'delegated-project',
]);

function warnOfOthers(reader: InputReader): void {
  const others = READ_VARIABLES.filter(({ family, role }) => family !== 'OS' || OTHER_ROLES.has(role));
  const set = others.map(({ name }) => name).filter((name) => reader.variable(name) !== null);
  if (set.length > 0)
    reader.warn(`${listed(set, 'and')} ${set.length === 1 ? 'is' : 'are'} ignored: \`api\` is \`openstack\`.`);
}

/** The project's domain is the user's, unless something else is given. */
function withProjectDomain(reader: InputReader, credentials: Credentials): Credentials {
  if (credentials.method !== 'password') return credentials;
  const input = reader.parse('project-domain', lineOf(LONGEST_NAME));
  const variable = reader.firstVariable(['OS_PROJECT_DOMAIN_ID', 'OS_PROJECT_DOMAIN_NAME']);
  if (input !== null) return { ...credentials, projectDomain: { name: input } };
  const text = variable === null ? null : reader.parseAs(variable.name, variable.text, lineOf(LONGEST_NAME));
  if (variable === null || text === null) return credentials;
  const projectDomain: DomainReference = variable.name.endsWith('_ID') ? { id: text } : { name: text };
  return { ...credentials, projectDomain };
}

const PROJECT_VARIABLES = ['OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'];
const REGION_VARIABLES = ['OS_REGION_NAME', 'OS_REGION'];

function readPlace(reader: InputReader, login: LoginChoice): Place {
  const { projects, variable } = readProjects(reader, login);
  const unconfirmed = projects === null ? [] : noteProjects(reader, projects, variable, PROJECT_VARIABLES);
  const region = fromEither(reader, 'region', REGION_VARIABLES);
  noteRegions(reader, region, REGION_VARIABLES);
  return {
    projects,
    projectSource: variable?.name ?? 'project',
    unconfirmed,
    region: region === null ? null : reader.parseAs(region.name, region.text, lineOf(LONGEST_NAME)),
    imsEndpoint: reader.parse('ims-endpoint', parseGlanceUrl),
    authUrl: readAuthUrl(reader),
  };
}

function readAuthUrl(reader: InputReader): string | null {
  const given = fromEither(reader, 'auth-url', ['OS_AUTH_URL']);
  if (given === null) {
    reader.mistake(
      'auth-url',
      null,
      'Give the address of Keystone, such as `https://cloud.example.com/identity/v3`. The openrc file of the cloud has it as `OS_AUTH_URL`.',
    );
    return null;
  }
  const url = reader.parseAs(given.name, given.text, parseKeystoneUrl);
  if (given.name === 'auth-url') noteUrls(reader, { name: 'auth-url', text: url }, ['OS_AUTH_URL']);
  return url;
}

function fromEither(
  reader: InputReader,
  input: PlainInput,
  variables: readonly string[],
): { readonly name: string; readonly text: string } | null {
  const text = reader.given(input);
  return text === null ? reader.firstVariable(variables) : { name: input, text };
}

/** Credentials that carry their project need none; one in the environment is meant only if the credentials come from there too. */
function readProjects(
  reader: InputReader,
  { method, from }: LoginChoice,
): { readonly projects: readonly string[] | null; readonly variable: Variable | null } {
  const carriesProject = method === 'token' || method === 'application-credential';
  const given = reader.given('project');
  const isRead = given === null && !(carriesProject && from === 'inputs');
  const variable = isRead ? reader.firstVariable(PROJECT_VARIABLES) : null;
  if (given === null && variable === null) {
    if (carriesProject) return { projects: [], variable };
    reader.mistake(
      'project',
      null,
      `Give the ID or name of the member project, which accepts or rejects the images. It can be left out only with \`token\` or \`application-credential-id\`.${unread(reader, 'project')}`,
    );
    return { projects: null, variable };
  }
  const projects =
    variable !== null
      ? only(reader.parseAs(variable.name, variable.text, lineOf(LONGEST_PROJECT)))
      : reader.parse('project', parseKeystoneProjects);
  if (projects !== null && projects.length > 1 && carriesProject)
    reader.mistake(
      'project',
      projects,
      'Expected one project: a token or application credential belongs to a single one. Use method password, or a step for each project.',
    );
  return { projects, variable };
}

function only(project: string | null): readonly [string] | null {
  return project === null ? null : [project];
}
