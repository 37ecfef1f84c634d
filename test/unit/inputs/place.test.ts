import { describe, expect, it } from 'vitest';
import { configOf, mistakesOf, onlyMistake, PROJECT, read } from './kit.ts';

const KEYS = { token: undefined, 'access-key': 'AK', 'secret-key': 'SK' };
const ENDPOINTS = { 'ims-endpoint': 'http://127.0.0.1:1/', 'auth-url': 'http://127.0.0.1:2/v3' };
const projectsOf = (values: Record<string, string | undefined>, variables: Record<string, string> = {}) =>
  configOf(read({ ...KEYS, ...values }, variables)).projects;

describe('the projects', () => {
  it('come from the input, in its order, once each', () => {
    expect(projectsOf({ project: `b, a\n${PROJECT};b` })).toEqual(['b', 'a', PROJECT]);
    expect(projectsOf({ project: '["eu-de_a", "eu-de_b"]' }, { OS_PROJECT_ID: PROJECT })).toEqual([
      'eu-de_a',
      'eu-de_b',
    ]);
  });

  it('come from the environment otherwise: OpenStack before Huawei, ID before name', () => {
    const variables = [
      ['HUAWEI_CLOUD_PROJECT_ID', 'p5'],
      ['HW_PROJECT_NAME', 'p4'],
      ['HW_PROJECT_ID', 'p3'],
      ['OS_PROJECT_NAME', 'p2'],
      ['OS_PROJECT_ID', 'p1'],
    ] as const;
    const set: Record<string, string> = {};
    for (const [name, value] of variables) {
      set[name] = value;
      expect(projectsOf({ project: '' }, set)).toEqual([value]);
    }
  });

  it('are the token’s own without any, even if the environment names one for other tools', () => {
    expect(configOf(read({ project: undefined })).projects).toEqual([]);
    expect(configOf(read({ project: undefined }, { OS_PROJECT_ID: PROJECT })).projects).toEqual([]);
  });

  it('are the environment’s beside a token of the environment', () => {
    const reading = read({ project: undefined, token: undefined }, { OS_TOKEN: 't', OS_PROJECT_ID: PROJECT });
    expect(configOf(reading).projects).toEqual([PROJECT]);
  });

  it('are mandatory with the other methods', () => {
    expect(onlyMistake(read({ ...KEYS, project: ' ' }))).toMatchObject({ input: 'project', value: null });
  });

  it('are one with a token', () => {
    const mistake = onlyMistake(read({ project: 'a b' }));
    expect(mistake).toMatchObject({ input: 'project', value: 'a; b' });
    expect(mistake.expected).toContain('Expected one project');
  });

  it('are named by position, or by variable, if they are wrong', () => {
    expect(onlyMistake(read({ project: 'a b/c' }))).toMatchObject({ input: 'project', value: 'entry 2: b/c' });
    expect(onlyMistake(read({ ...KEYS, project: '' }, { OS_PROJECT_NAME: 'a b' }))).toMatchObject({
      input: 'OS_PROJECT_NAME',
      value: 'a b',
    });
    expect(onlyMistake(read({ project: '[]' }))).toMatchObject({ input: 'project', value: '[]' });
  });
});

describe('the region', () => {
  const regionOf = (values: Record<string, string | undefined>, variables: Record<string, string> = {}) =>
    configOf(read({ ...KEYS, region: undefined, ...values }, variables)).region;

  it('is the input’s before all else', () => {
    expect(regionOf({ region: 'eu-nl', project: 'eu-de_a' }, { OS_REGION_NAME: 'eu-ch2' })).toBe('eu-nl');
  });

  it('is left to the projects’ names if all of them say one', () => {
    expect(regionOf({ project: 'eu-de_a, eu-nl' }, { OS_REGION_NAME: 'eu-ch2' })).toBeNull();
  });

  it('comes from the environment otherwise, OpenStack before Huawei', () => {
    expect(regionOf({}, { HUAWEI_CLOUD_REGION: 'eu-nl' })).toBe('eu-nl');
    expect(regionOf({}, { HUAWEI_CLOUD_REGION: 'eu-nl', HW_REGION_NAME: 'eu-ch2' })).toBe('eu-ch2');
    expect(regionOf({}, { HW_REGION_NAME: 'eu-ch2', OS_REGION_NAME: 'eu-de' })).toBe('eu-de');
  });

  it('comes from the project’s name that the environment gives beside its ID', () => {
    const variables = { OS_PROJECT_ID: PROJECT, OS_PROJECT_NAME: 'eu-nl_team', OS_REGION_NAME: 'eu-de' };
    expect(regionOf({ project: '' }, variables)).toBe('eu-nl');
    expect(regionOf({}, variables)).toBe('eu-de');
  });

  it('must not be two regions at once: names of one, and IDs in another', () => {
    expect(
      onlyMistake(read({ ...KEYS, region: '', project: `eu-nl_a ${PROJECT}` }, { OS_REGION_NAME: 'eu-de' })).input,
    ).toBe('project');
    expect(regionOf({ project: `eu-de_a ${PROJECT}` }, { OS_REGION_NAME: 'eu-de' })).toBe('eu-de');
  });

  it.each([
    ['region', { region: 'eu-dee' }, {}],
    ['region', { region: 'constructor' }, {}],
    ['region', { region: 'eu-dee', 'auth-url': 'https://iam.example.com' }, {}],
    ['OS_REGION_NAME', { region: '' }, { OS_REGION_NAME: 'RegionOne' }],
  ])('is a mistake that lists the known ones if %s is unknown', (name, values, variables) => {
    const mistake = onlyMistake(read({ ...KEYS, ...values }, variables));
    expect(mistake.input).toBe(name);
    expect(mistake.expected).toMatch(
      /not known\. Give `region`, one of ae-ad-1, .*eu-ch2, eu-de, eu-nl.*both `ims-endpoint` and `auth-url`/,
    );
  });

  it('may be unknown if both endpoints are given', () => {
    expect(configOf(read({ region: 'private-1', ...ENDPOINTS }))).toMatchObject({
      region: 'private-1',
      imsEndpoint: 'http://127.0.0.1:1',
      authUrl: 'http://127.0.0.1:2',
    });
    expect(configOf(read({ region: '', ...ENDPOINTS })).region).toBeNull();
  });

  it('must be known from an input, a variable or an address', () => {
    expect(onlyMistake(read({ region: '' })).expected).toContain(`No region is known for \`${PROJECT}\``);
    expect(onlyMistake(read({ region: '', project: '' })).expected).toContain("the token's project");
    expect(onlyMistake(read({ region: '', project: `eu-de_a ${PROJECT}`, ...KEYS })).expected).toContain(
      `No region is known for \`${PROJECT}\``,
    );
    expect(onlyMistake(read({ region: '', 'ims-endpoint': 'https://ims.example.com' })).input).toBe('region');
  });

  it('follows from the host of auth-url', () => {
    expect(configOf(read({ ...KEYS, region: '', 'auth-url': 'https://iam.eu-nl.otc.t-systems.com/v3' })).authUrl).toBe(
      'https://iam.eu-nl.otc.t-systems.com',
    );
  });

  it('is left to the token’s catalog if auth-url says nothing, but keys bring no token', () => {
    const foreign = { region: '', 'auth-url': 'https://iam.example.com' };
    expect(configOf(read(foreign)).region).toBeNull();
    expect(onlyMistake(read({ ...foreign, ...KEYS })).input).toBe('region');
    expect(configOf(read({ ...foreign, ...KEYS, 'agency-name': 'n', 'agency-domain': 'd' })).region).toBeNull();
  });
});

describe('auth-url', () => {
  it('comes from OS_AUTH_URL if it is not given', () => {
    const variables = { OS_AUTH_URL: 'https://iam.example.com:443/v3' };
    expect(configOf(read({}, variables)).authUrl).toBe('https://iam.example.com');
    expect(configOf(read({ 'auth-url': 'https://iam.other.example' }, variables)).authUrl).toBe(
      'https://iam.other.example',
    );
  });

  it('is not taken from OS_AUTH_URL of another region than the input says', () => {
    const variables = { OS_AUTH_URL: 'https://iam.eu-nl.otc.t-systems.com/v3' };
    expect(configOf(read({ region: 'eu-de' }, variables)).authUrl).toBeNull();
    expect(configOf(read({ region: 'eu-nl' }, variables)).authUrl).toBe('https://iam.eu-nl.otc.t-systems.com');
    expect(configOf(read({ region: '' }, variables)).authUrl).toBe('https://iam.eu-nl.otc.t-systems.com');
  });

  it('is named as the variable if that is wrong, without a remark about the region', () => {
    expect(onlyMistake(read({ region: '' }, { OS_AUTH_URL: 'http://iam.example.com' })).input).toBe('OS_AUTH_URL');
    expect(onlyMistake(read({ region: '', 'auth-url': 'x y' })).input).toBe('auth-url');
  });
});

describe('vaults', () => {
  it('go with the projects', () => {
    expect(configOf(read({ ...KEYS, project: 'eu-de_a eu-de_b', vault: 'eu-de_a=v1' })).vaults).toEqual(
      new Map([['eu-de_a', 'v1']]),
    );
    expect(configOf(read()).vaults).toEqual(new Map());
  });

  it('are not judged if the projects are wrong', () => {
    expect(mistakesOf(read({ project: 'a/b', vault: 'x=y\nz' })).map(({ input }) => input)).toEqual(['project']);
  });
});
