import { describe, expect, it } from 'vitest';
import { configOf, IMAGE_A, inputs, mistakesOf, onlyMistake, PROJECT, readEnv } from './kit.ts';

type Values = Readonly<Record<string, string | undefined>>;

const URL = 'https://cloud.example.com/identity/v3';
const PASSWORD = { username: 'u', password: 'p', domain: 'Default', project: 'team' };
const CREDENTIAL = { 'application-credential-id': 'c', 'application-credential-secret': 'secret-4711' };

/** Reads inputs of plain OpenStack. */
function read(values: Values = {}, variables: Values = {}) {
  return readEnv({ ...inputs({ images: IMAGE_A, api: 'openstack', 'auth-url': URL, ...values }), ...variables });
}

/** Credentials, with the secrets in the clear. */
function credentialsOf(reading: ReturnType<typeof readEnv>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configOf(reading).credentials).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function'
        ? value.reveal()
        : value,
    ]),
  );
}

const namesOf = (reading: ReturnType<typeof readEnv>) => mistakesOf(reading).map(({ input }) => input);

describe('credentials of plain OpenStack', () => {
  it('are an application credential, which carries its project', () => {
    const reading = read(CREDENTIAL);
    expect(credentialsOf(reading)).toEqual({ method: 'application-credential', id: 'c', secret: 'secret-4711' });
    expect(configOf(reading)).toMatchObject({
      api: 'openstack',
      projects: [],
      login: { method: 'application-credential' },
    });
    expect(reading.masked).toContain('secret-4711');
  });

  it('are a user of a domain, with a project of the same domain', () => {
    const domain = { name: 'Default' };
    expect(credentialsOf(read(PASSWORD))).toMatchObject({
      method: 'password',
      username: 'u',
      domain,
      projectDomain: domain,
    });
    expect(credentialsOf(read({ ...PASSWORD, 'project-domain': 'Other' }))).toMatchObject({
      domain,
      projectDomain: { name: 'Other' },
    });
  });

  it.each([
    [{ OS_PROJECT_DOMAIN_NAME: 'Other' }, { name: 'Other' }],
    [{ OS_PROJECT_DOMAIN_ID: 'default' }, { id: 'default' }],
    [{ OS_PROJECT_DOMAIN_ID: 'default', OS_PROJECT_DOMAIN_NAME: 'Other' }, { id: 'default' }],
  ])('find the domain of the project in %j', (variables, projectDomain) => {
    expect(credentialsOf(read(PASSWORD, variables))).toMatchObject({ projectDomain });
  });

  it.each([
    [
      'Horizon',
      { OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_ID: PROJECT, OS_PROJECT_NAME: 'team' },
      { name: 'Default' },
      PROJECT,
    ],
    [
      'devstack',
      { OS_USER_DOMAIN_ID: 'default', OS_PROJECT_NAME: 'team', OS_TENANT_NAME: 'team' },
      { id: 'default' },
      'team',
    ],
    [
      'a hoster with tenants',
      { OS_USER_DOMAIN_NAME: 'Default', OS_TENANT_ID: PROJECT, OS_TENANT_NAME: 'a b' },
      { name: 'Default' },
      PROJECT,
    ],
    [
      'a tenant name with a blank',
      { OS_USER_DOMAIN_NAME: 'Default', OS_TENANT_NAME: 'a b' },
      { name: 'Default' },
      'a b',
    ],
  ])('come from the openrc file of %s', (_writer, variables, domain, project) => {
    const reading = read({}, { OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_REGION_NAME: 'RegionOne', ...variables });
    expect(credentialsOf(reading)).toMatchObject({ method: 'password', domain });
    expect(configOf(reading)).toMatchObject({ projects: [project], region: 'RegionOne' });
  });

  it('come from the variables of an application credential', () => {
    const variables = {
      OS_APPLICATION_CREDENTIAL_ID: 'c',
      OS_APPLICATION_CREDENTIAL_SECRET: 'secret-4711',
      OS_PROJECT_NAME: 'team',
    };
    const reading = read({}, variables);
    expect(credentialsOf(reading)).toEqual({ method: 'application-credential', id: 'c', secret: 'secret-4711' });
    expect(configOf(reading).projects).toEqual(['team']);
  });

  it('do not take a project from the environment if a token or application credential is an input', () => {
    expect(configOf(read(CREDENTIAL, { OS_PROJECT_NAME: 'team' })).projects).toEqual([]);
    expect(configOf(read({ token: 't' }, { OS_PROJECT_NAME: 'team' })).projects).toEqual([]);
  });

  it.each([
    ['none', { project: 'team' }, 'application-credential-id, token, username'],
    ['half of a credential', { 'application-credential-id': 'c' }, 'application-credential-id'],
    [
      'two methods',
      { ...CREDENTIAL, token: 't', project: 'team' },
      'token, application-credential-id, application-credential-secret',
    ],
    [
      'a secret in two lines',
      { ...CREDENTIAL, 'application-credential-secret': 's\nt' },
      'application-credential-secret',
    ],
    [
      'a secret with quotes around it',
      { ...CREDENTIAL, 'application-credential-secret': '"secret-4711"' },
      'application-credential-secret',
    ],
    ['a project with quotes around it', { ...PASSWORD, project: '["\'team\'"]' }, 'project'],
    ['several projects for one credential', { ...CREDENTIAL, project: 'a,b' }, 'project'],
    ['a domain for the project of a credential', { ...CREDENTIAL, 'project-domain': 'd' }, 'project-domain'],
  ])('are a mistake: %s', (_what, values, input) => {
    expect(onlyMistake(read(values)).input).toBe(input);
  });

  it('are not said to be read with `api: openstack` only', () => {
    const variables = { OS_APPLICATION_CREDENTIAL_ID: 'c', OS_USER_DOMAIN_ID: 'd' };
    for (const { expected } of mistakesOf(read({}, variables))) expect(expected).not.toContain('api: openstack');
  });
});

describe('inputs that plain OpenStack does not have', () => {
  it('are mistakes, all at once', () => {
    const reading = read({
      ...CREDENTIAL,
      vault: 'v',
      wait: 'false',
      'access-key': 'AK',
      'secret-key': 'SK',
      'identity-provider': 'github',
      'agency-name': 'a',
      'agency-domain': 'd',
    });
    expect(namesOf(reading)).toEqual([
      'vault',
      'access-key, secret-key',
      'identity-provider',
      'agency-name, agency-domain',
      'wait',
    ]);
  });

  it('are named in one warning if they are variables', () => {
    const variables = { OS_ACCESS_KEY: 'AK', OS_SECRET_KEY: 'SK', HW_REGION_NAME: 'eu-de', OS_AGENCY_NAME: 'a' };
    const { warnings } = configOf(read(CREDENTIAL, variables));
    expect(warnings).toHaveLength(1);
    for (const name of Object.keys(variables)) expect(warnings[0]).toContain(`\`${name}\``);
  });
});

describe('addresses of plain OpenStack', () => {
  it('may have paths', () => {
    const reading = read({ ...CREDENTIAL, 'ims-endpoint': 'https://cloud.example.com/image/v2' });
    expect(configOf(reading)).toMatchObject({
      authUrl: 'https://cloud.example.com/identity',
      imsEndpoint: 'https://cloud.example.com/image',
    });
  });

  it('come from the catalog, whatever the region is called', () => {
    const reading = read({ ...CREDENTIAL, region: 'Frankfurt 1' });
    expect(configOf(reading)).toMatchObject({ region: 'Frankfurt 1', imsEndpoint: null });
  });

  it('need the address of Keystone', () => {
    expect(onlyMistake(read({ ...CREDENTIAL, 'auth-url': undefined })).input).toBe('auth-url');
    expect(configOf(read({ ...CREDENTIAL, 'auth-url': undefined }, { OS_AUTH_URL: `${URL}/` })).authUrl).toBe(
      'https://cloud.example.com/identity',
    );
  });

  it('that do not count are named', () => {
    const { notes } = configOf(read(CREDENTIAL, { OS_AUTH_URL: 'https://other.example.com/v3' }));
    expect(notes.join()).toContain('`OS_AUTH_URL` (other.example.com) is ignored');
    expect(configOf(read(CREDENTIAL, { OS_AUTH_URL: 'https://cloud.example.com/identity/' })).notes).toEqual([]);
  });
});

describe('without `api: openstack`', () => {
  const ims = (values: Values) => readEnv(inputs({ images: IMAGE_A, token: 't', region: 'eu-de', ...values }));

  it('inputs of plain OpenStack are a mistake that names it', () => {
    const reading = ims({ ...CREDENTIAL, 'project-domain': 'd' });
    expect(onlyMistake(reading)).toMatchObject({
      input: 'project-domain, application-credential-id, application-credential-secret',
      expected: expect.stringContaining('`api: openstack`'),
    });
  });

  it('an address with a path is a mistake that names it', () => {
    expect(onlyMistake(ims({ 'auth-url': URL })).expected).toContain('`api: openstack`');
  });

  it('a misspelt `api` is the only mistake', () => {
    expect(onlyMistake(ims({ api: 'opnstack', 'project-domain': 'd' })).input).toBe('api');
  });
});
