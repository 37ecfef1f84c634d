import { describe, expect, it } from 'vitest';
import { configOf, mistakesOf, onlyMistake, PROJECT, read } from './kit.ts';

type Values = Readonly<Record<string, string | undefined>>;

const OTHER = 'f'.repeat(32);
const KEYS = { token: undefined, 'access-key': 'AK', 'secret-key': 'SK' };
const USER = { OS_USERNAME: 'u', OS_PASSWORD: 'pw', OS_USER_DOMAIN_NAME: 'd' };
const HW = { HW_ACCESS_KEY: 'ak-ak', HW_SECRET_KEY: 'sk-sk' };
const IAM_DE = 'https://iam.eu-de.otc.t-systems.com/v3';
const IAM_NL = 'https://iam.eu-nl.otc.t-systems.com/v3';
const notesOf = (values: Values, variables: Values) => configOf(read(values, variables)).notes;

describe('a variable that is ignored', () => {
  it.each<[string, Values, Values, string[]]>([
    [
      'another project',
      KEYS,
      { OS_PROJECT_ID: OTHER },
      [`\`OS_PROJECT_ID\` (${OTHER}) is ignored: \`project\` takes precedence`],
    ],
    ['the same project', KEYS, { OS_PROJECT_ID: PROJECT.toUpperCase(), OS_PROJECT_NAME: 'eu-de_x' }, []],
    [
      'the same project by name',
      { ...KEYS, project: 'eu-de_x' },
      { OS_PROJECT_NAME: 'eu-de_x', OS_PROJECT_ID: OTHER },
      [],
    ],
    [
      'two tools',
      { ...KEYS, project: 'eu-de_x' },
      { OS_PROJECT_NAME: 'eu-de_y', HW_PROJECT_NAME: 'eu-de_z' },
      ['`OS_PROJECT_NAME` and `HW_PROJECT_NAME` (eu-de_y, eu-de_z) are ignored: `project` takes precedence'],
    ],
    [
      "a project beside a token's own",
      { project: undefined },
      { OS_PROJECT_ID: OTHER },
      [`\`OS_PROJECT_ID\` (${OTHER}) is ignored: the credentials bring their own project`],
    ],
    [
      'a delegated project without an agency',
      KEYS,
      { OS_DELEGATED_PROJECT: 'eu-de_x' },
      ['`OS_DELEGATED_PROJECT` (eu-de_x) is ignored: `project` takes precedence'],
    ],
    ['one of several projects', { ...KEYS, project: 'eu-de_a eu-de_b' }, { OS_PROJECT_NAME: 'eu-de_b' }, []],
    [
      'another region',
      {},
      { OS_REGION_NAME: 'eu-nl' },
      ['`OS_REGION_NAME` (eu-nl) is ignored: `region` (eu-de) takes precedence'],
    ],
    ['the same region', {}, { OS_REGION_NAME: 'eu-de', HW_REGION_NAME: 'eu-de' }, []],
    [
      "another region than the project's name tells",
      { ...KEYS, project: 'eu-de_x', region: undefined },
      { HW_REGION_NAME: 'cn-north-4' },
      ['`HW_REGION_NAME` (cn-north-4) is ignored: `project` (eu-de) takes precedence'],
    ],
    [
      'an address of another region',
      {},
      { OS_AUTH_URL: IAM_NL },
      ['`OS_AUTH_URL` (iam.eu-nl.otc.t-systems.com) is ignored: `region` names another region'],
    ],
    [
      "an address of another region than the project's name tells",
      { ...KEYS, project: 'eu-de_x', region: undefined },
      { OS_AUTH_URL: IAM_NL },
      ['`OS_AUTH_URL` (iam.eu-nl.otc.t-systems.com) is ignored: `project` names another region'],
    ],
    ['an address of the same region', {}, { OS_AUTH_URL: IAM_DE }, []],
    ['the same address', { 'auth-url': IAM_DE }, { OS_AUTH_URL: `${IAM_DE}/` }, []],
    [
      'another address',
      { 'auth-url': IAM_DE },
      { HW_AUTH_URL: IAM_NL },
      ['`HW_AUTH_URL` (iam.eu-nl.otc.t-systems.com) is ignored: `auth-url` takes precedence'],
    ],
    [
      'another agency',
      { 'agency-name': 'n', 'agency-domain': 'd' },
      { OS_AGENCY_NAME: 'n', OS_AGENCY_DOMAIN_NAME: 'e' },
      ['`OS_AGENCY_DOMAIN_NAME` is ignored: `agency-name` takes precedence'],
    ],
    [
      'the domain of a project beside a user of inputs',
      { token: undefined, username: 'u', password: 'p', domain: 'd' },
      { OS_PROJECT_DOMAIN_NAME: 'e' },
      ['`OS_PROJECT_DOMAIN_NAME` is ignored: the project belongs to the domain of the login'],
    ],
    [
      'a second domain',
      { token: undefined },
      { ...USER, OS_DOMAIN_NAME: 'e' },
      ["`OS_DOMAIN_NAME` is ignored: the user's domain is given as well"],
    ],
  ])('is named: %s', (_, values, variables, notes) => {
    expect(notesOf(values, variables)).toEqual(notes);
  });
});

describe('a variable that names a project in the other form', () => {
  const bare = { token: undefined, project: undefined };
  const ENVIRONMENT = { OS_USERNAME: 'u', OS_PASSWORD: 'pw', OS_USER_DOMAIN_NAME: 'd' };

  it.each<[string, Values, Values, string, string[]]>([
    [
      'the name beside the ID',
      bare,
      { ...ENVIRONMENT, OS_PROJECT_ID: PROJECT, OS_PROJECT_NAME: 'eu-de_x' },
      'OS_PROJECT_ID',
      ['`OS_PROJECT_NAME` (eu-de_x) is ignored: `OS_PROJECT_ID` takes precedence'],
    ],
    [
      'the name of another family',
      bare,
      { ...HW, HW_PROJECT_ID: PROJECT, OS_TENANT_NAME: 'eu-de_x' },
      'HW_PROJECT_ID',
      ['`OS_TENANT_NAME` (eu-de_x) is ignored: `HW_PROJECT_ID` takes precedence'],
    ],
    [
      'an ID beside a name that is an input',
      { ...KEYS, project: 'eu-de_x' },
      { OS_PROJECT_ID: OTHER },
      'project',
      [`\`OS_PROJECT_ID\` (${OTHER}) is ignored: \`project\` takes precedence`],
    ],
    ['the same ID', KEYS, { OS_PROJECT_ID: PROJECT }, 'project', []],
    [
      'api: openstack',
      { ...bare, api: 'openstack', 'auth-url': 'https://cloud.example.com/identity' },
      { ...ENVIRONMENT, OS_PROJECT_ID: PROJECT, OS_PROJECT_NAME: 'demo' },
      'OS_PROJECT_ID',
      ['`OS_PROJECT_NAME` (demo) is ignored: `OS_PROJECT_ID` takes precedence'],
    ],
  ])('is left to be compared after the login: %s', (_, values, variables, source, notes) => {
    const config = configOf(read(values, variables));
    expect(config.notes).toEqual([]);
    expect(config.projectSource).toBe(source);
    expect(config.unconfirmed.map(({ note }) => note)).toEqual(notes);
  });
});

describe('the family of the credentials', () => {
  const bare = { token: undefined, project: undefined, region: undefined };

  it('goes before the others, and the others are named', () => {
    const variables = {
      ...HW,
      HW_PROJECT_NAME: 'eu-nl_x',
      OS_PROJECT_NAME: 'eu-de_y',
      HW_AUTH_URL: IAM_NL,
      OS_AUTH_URL: IAM_DE,
      HW_REGION_NAME: 'eu-nl',
      OS_REGION_NAME: 'eu-de',
      HW_ASSUME_ROLE_AGENCY_NAME: 'n',
      HW_ASSUME_ROLE_DOMAIN_NAME: 'd',
      OS_AGENCY_NAME: 'm',
      OS_AGENCY_DOMAIN_NAME: 'e',
    };
    const config = configOf(read(bare, variables));
    expect(config).toMatchObject({
      projects: ['eu-nl_x'],
      authUrl: 'https://iam.eu-nl.otc.t-systems.com',
      agency: { name: 'n', domain: 'd' },
    });
    for (const name of ['OS_PROJECT_NAME', 'OS_AUTH_URL', 'OS_REGION_NAME', 'OS_AGENCY_NAME'])
      expect(config.notes.filter((note) => note.includes(`\`${name}\``))).toHaveLength(1);
  });

  it("does not send keys to the IAM that another tool's variable names", () => {
    const variables = { ...HW, HW_PROJECT_ID: PROJECT, HW_REGION_NAME: 'cn-north-4', OS_AUTH_URL: IAM_DE };
    const config = configOf(read(bare, variables));
    expect([config.region, config.authUrl]).toEqual(['cn-north-4', null]);
    expect(config.notes).toEqual([
      '`OS_AUTH_URL` (iam.eu-de.otc.t-systems.com) is ignored: `HW_REGION_NAME` names another region',
    ]);
    // The same tool's address is obeyed.
    expect(configOf(read(bare, { ...variables, HW_AUTH_URL: IAM_NL })).authUrl).toBe(
      'https://iam.eu-nl.otc.t-systems.com',
    );
  });

  it('an agency takes its delegated project before the project of the caller', () => {
    const variables = {
      ...USER,
      OS_AGENCY_NAME: 'n',
      OS_AGENCY_DOMAIN_NAME: 'd',
      OS_PROJECT_NAME: 'eu-de_team',
      OS_DELEGATED_PROJECT: 'eu-de_prod',
    };
    expect(configOf(read(bare, variables)).projects).toEqual(['eu-de_prod']);
    const { OS_DELEGATED_PROJECT: _, ...without } = variables;
    expect(configOf(read(bare, without)).projects).toEqual(['eu-de_team']);
  });
});

describe('a variable that would lead elsewhere', () => {
  it.each<[string, Values, Values]>([
    ['HW_CLOUD', {}, { HW_CLOUD: 'myhuaweicloud.com' }],
    ['HW_CLOUD', { ...KEYS, region: undefined, project: 'eu-de_x' }, { HW_CLOUD: 'myhuaweicloud.com' }],
    ['HW_CLOUD', { 'ims-endpoint': 'https://ims.example.com' }, { HW_CLOUD: 'example.com' }],
    ['OS_PROJECT_DOMAIN_NAME', { token: undefined }, { ...USER, OS_PROJECT_DOMAIN_NAME: 'e' }],
  ])('%s is a mistake: %o %o', (name, values, variables) => {
    expect(onlyMistake(read(values, variables)).input).toBe(name);
  });

  it.each<[Values, Values]>([
    [{}, { HW_CLOUD: 'otc.t-systems.com' }],
    [{}, { HW_CLOUD: 'HTTPS://OTC.T-Systems.com/' }],
    [{ region: 'eu-ch2' }, { HW_CLOUD: 'sc.otc.t-systems.com' }],
    [{ region: 'cn-north-4' }, { HW_CLOUD: 'myhuaweicloud.com' }],
    [{ 'auth-url': 'https://iam.example.com' }, { HW_CLOUD: 'example.com' }],
    [{ region: 'eu-west-101' }, { HW_CLOUD: 'myhuaweicloud.com', HW_AUTH_URL: 'https://iam.example.com' }],
    [{ token: undefined }, { ...USER, OS_PROJECT_DOMAIN_NAME: 'D' }],
    [
      { token: undefined, 'agency-name': 'n', 'agency-domain': 'e' },
      { ...USER, OS_PROJECT_DOMAIN_NAME: 'e' },
    ],
    [{}, { OS_PROJECT_DOMAIN_NAME: 'e' }],
  ])('is none if it agrees or is not needed: %o %o', (values, variables) => {
    expect(mistakesOf(read(values, variables))).toEqual([]);
  });

  it('OS_PROJECT_DOMAIN_NAME with another method is named if the project is wrong', () => {
    expect(configOf(read({}, { OS_PROJECT_DOMAIN_NAME: 'e' })).hints.project).toContain(
      '`OS_PROJECT_DOMAIN_NAME` is set',
    );
    expect(configOf(read({ token: undefined }, { ...USER, OS_PROJECT_DOMAIN_NAME: 'd' })).hints.project).toBe('');
  });

  it('HW_CLOUD alone does not determine the addresses, and is named', () => {
    const mistake = onlyMistake(read({ region: 'RegionOne' }, { HW_CLOUD: 'cloud.example' }));
    expect(mistake.expected).toContain(
      '`HW_CLOUD` is set, but the addresses of the services do not follow from a domain',
    );
  });
});
