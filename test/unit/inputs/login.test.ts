import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret.ts';
import { configOf, IMAGE_A, inputs, mistakesOf, onlyMistake, PROJECT, read, readEnv } from './kit.ts';

const WITHOUT_TOKEN = { token: undefined };
const login = (values: Record<string, string | undefined>, variables: Record<string, string> = {}) =>
  read({ ...WITHOUT_TOKEN, ...values }, variables);
const revealed = (reading: ReturnType<typeof read>) =>
  Object.fromEntries(
    Object.entries(configOf(reading).credentials)
      // The same as the user's; test/unit/inputs/openstack.test.ts has others.
      .filter(([name]) => name !== 'projectDomain')
      .map(([name, value]) => [
        name,
        value instanceof Secret ? value.reveal() : name === 'domain' ? Object.values(value ?? {})[0] : value,
      ]),
  );

const ID_TOKEN = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com/?a=b',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};

describe('one method from the inputs', () => {
  it.each([
    ['token', { token: ' tok \n' }, {}, { method: 'token', token: 'tok' }],
    [
      'password',
      { username: 'u', password: 'p w', domain: 'd' },
      {},
      { method: 'password', username: 'u', password: 'p w', domain: 'd' },
    ],
    [
      'AK/SK',
      { 'access-key': 'AK', 'secret-key': 'SK' },
      {},
      { method: 'aksk', accessKey: 'AK', secretKey: 'SK', securityToken: null },
    ],
    [
      'temporary AK/SK',
      { 'access-key': 'AK', 'secret-key': 'SK', 'security-token': 'ST' },
      {},
      { method: 'aksk', accessKey: 'AK', secretKey: 'SK', securityToken: 'ST' },
    ],
    [
      'OIDC',
      { 'identity-provider': 'github', audience: 'https://aud' },
      ID_TOKEN,
      {
        method: 'oidc',
        identityProvider: 'github',
        audience: 'https://aud',
        requestUrl: 'https://token.example.com/?a=b',
        requestToken: 'request-token',
      },
    ],
  ])('%s', (_, values, variables, credentials) => {
    expect(revealed(login(values, variables))).toEqual(credentials);
  });

  it('OIDC without an audience takes GitHub’s default', () => {
    expect(revealed(login({ 'identity-provider': 'github' }, ID_TOKEN))['audience']).toBeNull();
  });

  it('wins over every variable', () => {
    const variables = { OS_TOKEN: 'other', OS_USERNAME: 'u', OS_PASSWORD: 'p', HW_ACCESS_KEY: 'AK', OS_CLOUD: 'c' };
    expect(revealed(login({ token: 'tok' }, variables))).toEqual({ method: 'token', token: 'tok' });
  });
});

describe('one method from the environment', () => {
  it.each([
    ['OS_TOKEN', { OS_TOKEN: 'tok' }, { method: 'token', token: 'tok' }],
    ['OS_AUTH_TOKEN', { OS_AUTH_TOKEN: 'tok' }, { method: 'token', token: 'tok' }],
    ['both names of one token', { OS_TOKEN: 'tok', OS_AUTH_TOKEN: 'tok' }, { method: 'token', token: 'tok' }],
    [
      'a token beside a domain',
      { OS_TOKEN: 'tok', OS_DOMAIN_NAME: 'd', OS_USER_DOMAIN_NAME: 'd' },
      { method: 'token', token: 'tok' },
    ],
    [
      'a user',
      { OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_DOMAIN_NAME: 'd' },
      { method: 'password', username: 'u', password: 'p', domain: 'd' },
    ],
    [
      'a user with the domain of users before the other',
      { OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_USER_DOMAIN_NAME: 'd1', OS_DOMAIN_NAME: 'd2' },
      { method: 'password', username: 'u', password: 'p', domain: 'd1' },
    ],
    [
      'OpenStack’s keys, beside a domain',
      { OS_ACCESS_KEY: 'AK', OS_SECRET_KEY: 'SK', OS_SECURITY_TOKEN: 'ST', OS_DOMAIN_NAME: 'd' },
      { method: 'aksk', accessKey: 'AK', secretKey: 'SK', securityToken: 'ST' },
    ],
    [
      'Huawei’s keys',
      { HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: 'SK', HW_SECURITY_TOKEN: 'ST' },
      { method: 'aksk', accessKey: 'AK', secretKey: 'SK', securityToken: 'ST' },
    ],
    [
      'Huawei Cloud’s keys',
      { HUAWEI_CLOUD_ACCESS_KEY_ID: 'AK', HUAWEI_CLOUD_SECRET_ACCESS_KEY: 'SK' },
      { method: 'aksk', accessKey: 'AK', secretKey: 'SK', securityToken: null },
    ],
  ])('%s', (_, variables, credentials) => {
    expect(revealed(login({}, variables))).toEqual(credentials);
  });
});

describe('two methods at once', () => {
  it.each([
    ['inputs', { token: 't', username: 'u', password: 'p', domain: 'd' }, {}, 'token, username, password, domain'],
    [
      'a domain with keys',
      { 'access-key': 'AK', 'secret-key': 'SK', domain: 'd' },
      {},
      'domain, access-key, secret-key',
    ],
    ['an audience with a token', { token: 't', audience: 'a' }, {}, 'token, audience'],
    [
      'variables',
      {},
      { OS_TOKEN: 't', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_DOMAIN_NAME: 'd' },
      'OS_TOKEN, OS_USERNAME, OS_PASSWORD, OS_DOMAIN_NAME',
    ],
    [
      'two families of keys',
      {},
      { OS_ACCESS_KEY: 'A', OS_SECRET_KEY: 'S', HW_ACCESS_KEY: 'A', HW_SECRET_KEY: 'S' },
      'OS_ACCESS_KEY, OS_SECRET_KEY, HW_ACCESS_KEY, HW_SECRET_KEY',
    ],
  ])('%s are a mistake', (_, values, variables, names) => {
    const mistake = onlyMistake(login(values, variables));
    expect(mistake).toMatchObject({ input: names, value: null });
    expect(mistake.expected).toContain('do not belong together');
  });

  it('a mixture of halves is refused by name, with what each lacks', () => {
    const mistake = onlyMistake(login({}, { HW_ACCESS_KEY: 'AK', OS_SECRET_KEY: 'SK' }));
    expect(mistake.input).toBe('OS_SECRET_KEY, HW_ACCESS_KEY');
    expect(mistake.expected).toContain('`OS_SECRET_KEY` (method AK/SK, without `OS_ACCESS_KEY`)');
    expect(mistake.expected).toContain('`HW_ACCESS_KEY` (method AK/SK, without `HW_SECRET_KEY`)');
  });

  it('another family’s security token is a mixture too', () => {
    const mistake = onlyMistake(login({}, { HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: 'SK', OS_SECURITY_TOKEN: 'ST' }));
    expect(mistake.input).toBe('OS_SECURITY_TOKEN, HW_ACCESS_KEY, HW_SECRET_KEY');
  });

  it('two names of a token that differ are a mistake', () => {
    expect(onlyMistake(login({}, { OS_TOKEN: 't1', OS_AUTH_TOKEN: 't2' })).input).toBe('OS_TOKEN, OS_AUTH_TOKEN');
  });
});

describe('half a method', () => {
  it.each([
    ['username', { username: 'u' }, {}, 'username', '`password` and `domain`'],
    ['domain', { domain: 'd' }, {}, 'domain', '`username` and `password`'],
    ['access-key', { 'access-key': 'AK' }, {}, 'access-key', '`secret-key`'],
    ['security-token', { 'security-token': 'ST' }, {}, 'security-token', '`access-key` and `secret-key`'],
    ['audience', { audience: 'a' }, {}, 'audience', '`identity-provider`'],
    ['OS_USERNAME', {}, { OS_USERNAME: 'u', OS_PASSWORD: 'p' }, 'OS_USERNAME, OS_PASSWORD', '`OS_USER_DOMAIN_NAME`'],
    [
      'a domain alone',
      {},
      { OS_DOMAIN_NAME: 'd', OS_USER_DOMAIN_NAME: 'd' },
      'OS_USER_DOMAIN_NAME, OS_DOMAIN_NAME',
      '`OS_USERNAME` and `OS_PASSWORD`',
    ],
    [
      'HUAWEI_CLOUD_ACCESS_KEY_ID',
      {},
      { HUAWEI_CLOUD_ACCESS_KEY_ID: 'AK' },
      'HUAWEI_CLOUD_ACCESS_KEY_ID',
      '`HUAWEI_CLOUD_SECRET_ACCESS_KEY`',
    ],
  ])('%s: what is missing is named', (_, values, variables, names, missing) => {
    const mistake = onlyMistake(login(values, variables));
    expect(mistake).toMatchObject({ input: names, value: null });
    expect(mistake.expected).toContain(`without ${missing}.`);
  });

  it('is not completed from the environment, and says so', () => {
    const mistake = onlyMistake(login({ username: 'u', domain: 'd' }, { OS_PASSWORD: 'hunter22', OS_USERNAME: 'u' }));
    expect(mistake.input).toBe('username, domain');
    expect(mistake.expected).toContain(
      'Inputs are not completed from the environment, so `OS_USERNAME` and `OS_PASSWORD` did not count.',
    );
  });
});

describe('no method', () => {
  it('lists what could be given', () => {
    const mistake = onlyMistake(login({}));
    expect(mistake.expected).toContain('No credentials are given.');
    expect(mistake.expected).not.toContain('clouds.yaml');
  });

  it('with OS_CLOUD alone says that clouds.yaml is not read', () => {
    expect(onlyMistake(login({}, { OS_CLOUD: 'otc' })).expected).toContain('`clouds.yaml` is not read');
  });
});

describe('OIDC without the right to an ID token', () => {
  it.each([{}, { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' }, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }])(
    '%o shows the YAML to add',
    (variables) => {
      const mistake = onlyMistake(login({ 'identity-provider': 'github' }, variables));
      expect(mistake).toMatchObject({ input: 'identity-provider', value: 'github' });
      expect(mistake.expected).toContain('permissions:\n  id-token: write\n  contents: read\n');
      expect(mistake.expected).toContain('reusable workflow');
      expect(mistake.expected).toContain('pull requests from forks');
    },
  );

  it('is said beside a wrong name and a wrong audience', () => {
    const mistakes = mistakesOf(login({ 'identity-provider': 'a b', audience: 'x'.repeat(300) }));
    expect(mistakes.map(({ input }) => input)).toEqual(['identity-provider', 'identity-provider', 'audience']);
  });
});

it.each([
  [{ token: 'two words' }, {}, 'token'],
  [{ 'access-key': 'AK', 'secret-key': 'S\nK' }, {}, 'secret-key'],
  [{}, { HUAWEI_CLOUD_ACCESS_KEY_ID: 'ÄK', HUAWEI_CLOUD_SECRET_ACCESS_KEY: 'SK' }, 'HUAWEI_CLOUD_ACCESS_KEY_ID'],
])('a damaged token or key is named and not shown: %o %o', (values, variables, name) => {
  const mistake = onlyMistake(login(values, variables));
  expect(mistake).toMatchObject({ input: name, value: null });
  expect(mistake.expected).toContain('without white space');
});

describe('the agency', () => {
  const agencyOf = (values: Record<string, string>, variables: Record<string, string> = {}) =>
    configOf(read(values, variables)).agency;

  it('comes from the inputs, or else from the environment', () => {
    const variables = { OS_AGENCY_NAME: 'en', OS_AGENCY_DOMAIN_NAME: 'ed' };
    expect(agencyOf({})).toBeNull();
    expect(agencyOf({ 'agency-name': 'n', 'agency-domain': 'd' }, variables)).toEqual({ name: 'n', domain: 'd' });
    expect(agencyOf({}, variables)).toEqual({ name: 'en', domain: 'ed' });
  });

  it.each([
    [{ 'agency-name': 'n' }, { OS_AGENCY_DOMAIN_NAME: 'ed' }, 'agency-name', '`agency-domain`'],
    [{ 'agency-domain': 'd' }, {}, 'agency-domain', '`agency-name`'],
    [{}, { OS_AGENCY_NAME: 'n' }, 'OS_AGENCY_NAME', '`OS_AGENCY_DOMAIN_NAME`'],
    [{ 'agency-name': 'n'.repeat(65), 'agency-domain': 'd' }, {}, 'agency-name', '64'],
  ])('is wrong by halves: %o %o', (values, variables, name, saying) => {
    const mistake = onlyMistake(read(values, variables));
    expect(mistake.input).toBe(name);
    expect(mistake.expected).toContain(saying);
  });

  it('needs a project, because the token’s own is in another account', () => {
    const env = inputs({ images: IMAGE_A, token: 't', region: 'eu-de', 'agency-name': 'n', 'agency-domain': 'd' });
    expect(onlyMistake(readEnv(env))).toMatchObject({ input: 'project', value: null });
    expect(configOf(readEnv({ ...env, OS_PROJECT_ID: PROJECT })).projects).toEqual([PROJECT]);
  });
});
