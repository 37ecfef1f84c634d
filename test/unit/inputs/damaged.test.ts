import { describe, expect, it } from 'vitest';
import { configOf, IMAGE_A, mistakesOf, onlyMistake, PROJECT, read } from './kit.ts';

const OWNERS = ['a'.repeat(32), 'b'.repeat(32)];
const LETTERS_20 = 'ABCDEFGHIJ0123456789';
const LETTERS_40 = 'abcdefghijABCDEFGHIJ0123456789abcdefghij';
const USER = { token: undefined, username: 'u', password: 'pw', domain: 'd' };
const KEYS = { token: undefined, 'access-key': 'AK', 'secret-key': 'SK', 'security-token': 'ST' };
const OIDC = { token: undefined, 'identity-provider': 'github', audience: 'aud' };
const ID_TOKEN = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y' };
const AGENCY = { 'agency-name': 'n', 'agency-domain': 'd' };

describe('quotes around a value', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['token', { token: 'tok' }],
    ['username', USER],
    ['domain', USER],
    ['access-key', KEYS],
    ['secret-key', KEYS],
    ['security-token', KEYS],
    ['identity-provider', OIDC],
    ['audience', OIDC],
    ['agency-name', AGENCY],
    ['agency-domain', AGENCY],
    ['region', { region: 'eu-de' }],
    ['auth-url', { 'auth-url': 'https://iam.example.com' }],
    ['ims-endpoint', { 'ims-endpoint': 'https://ims.example.com' }],
    ['project', { project: PROJECT }],
    ['project', { project: 'eu-de_a, eu-de_b', token: undefined, 'access-key': 'AK', 'secret-key': 'SK' }],
    ['trusted-owners', { 'trusted-owners': OWNERS[0] }],
    ['trusted-owners', { 'trusted-owners': OWNERS.join(', ') }],
    ['vault', { vault: 'v1' }],
    ['vault', { vault: `${PROJECT}=v1` }],
    ['match-name', { images: undefined, 'match-name': 'golden-*', status: 'rejected' }],
    ['results-file', { 'results-file': 'receipt.json' }],
    ['commit-status', { 'commit-status': 'images', 'github-token': 'ghs' }],
    ['commit-sha', { 'commit-sha': 'a'.repeat(40), 'commit-status': 'images', 'github-token': 'ghs' }],
    ['github-token', { 'commit-status': 'images', 'github-token': 'ghs' }],
    ['status', { status: 'rejected' }],
    ['mode', { mode: 'plan' }],
    ['if-none', { 'if-none': 'pass' }],
    ['timeout', { timeout: '5m' }],
    ['retries', { retries: '3' }],
    ['min-images', { 'min-images': '1' }],
  ])('are a mistake: %s', (name, values) => {
    for (const quote of ['"', "'", '`']) {
      const mistake = onlyMistake(read({ ...values, [name]: `${quote}${values[name]}${quote}` }, ID_TOKEN));
      expect(mistake.input).toBe(name);
      expect(mistake.expected).toContain('has quotes around it');
    }
  });

  it.each([
    ['OS_TOKEN', { OS_TOKEN: '"tok"' }],
    ['OS_USERNAME', { OS_USERNAME: '“u”', OS_PASSWORD: 'pw', OS_DOMAIN_NAME: 'd' }],
    ['HW_SECRET_KEY', { HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: "'SK'" }],
    ['OS_PROJECT_NAME', { OS_TOKEN: 'tok', OS_PROJECT_NAME: '"eu-de_x"' }],
    ['HW_REGION_NAME', { OS_TOKEN: 'tok', HW_REGION_NAME: '"eu-de"' }],
    ['HW_CLOUD', { OS_TOKEN: 'tok', HW_CLOUD: '"otc.t-systems.com"' }],
  ])('are a mistake: %s', (name, variables) => {
    const values = {
      token: undefined,
      project: name === 'OS_PROJECT_NAME' ? undefined : '0'.repeat(32),
      region: name === 'HW_REGION_NAME' ? undefined : 'eu-de',
    };
    const mistake = onlyMistake(read(values, variables));
    expect(mistake.input).toBe(name);
    expect(mistake.expected).toContain('has quotes around it');
  });

  it('belong to a password, and single quotes to any name', () => {
    expect(mistakesOf(read({ ...USER, password: '"pw"' }))).toEqual([]);
    expect(mistakesOf(read({ ...USER, username: "o'hara" }))).toEqual([]);
  });
});

it('quotes around a list of project names are a mistake, not those of its entries', () => {
  const user = { token: undefined, 'access-key': 'AK', 'secret-key': 'SK' };
  for (const [text, projects] of [
    [`"eu-de_a", "eu-de_b"`, ['eu-de_a', 'eu-de_b']],
    [`'["eu-de_a","eu-de_b"]'`, ['eu-de_a', 'eu-de_b']],
  ] as const)
    expect(configOf(read({ ...user, project: text })).projects).toEqual(projects);
  const { vaults } = configOf(read({ ...user, project: 'eu-de_a eu-de_b', vault: `"eu-de_a=v1"\n'eu-de_b=v2'` }));
  expect(vaults).toEqual(
    new Map([
      ['eu-de_a', 'v1'],
      ['eu-de_b', 'v2'],
    ]),
  );
  expect(configOf(read({ 'trusted-owners': `"${OWNERS.join('", "')}"` })).trustedOwners).toEqual(OWNERS);
});

it('quotes around image IDs are tolerated: an ID cannot be mistaken', () => {
  for (const text of [`"${IMAGE_A}"`, `'${IMAGE_A}'`, `"${IMAGE_A}, ${IMAGE_A}"`])
    expect(configOf(read({ images: text })).selection).toMatchObject({ ids: [IMAGE_A] });
});

it('quotes around an address do not reveal the password in it', () => {
  const mistake = onlyMistake(read({ 'auth-url': '"https://user:pass-word@iam.example.com"' }));
  expect(JSON.stringify(mistake)).not.toContain('pass-word');
});

describe('a line break inside', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['token', { token: 'a\nb' }, 'one line'],
    ['access-key', { ...KEYS, 'access-key': 'a\r\nb' }, 'without white space'],
    ['username', { ...USER, username: 'a\nb' }, 'one line'],
    ['domain', { ...USER, domain: 'a\u2028b' }, 'one line'],
    ['password', { ...USER, password: 'a\nb' }, 'one line'],
    ['agency-name', { ...AGENCY, 'agency-name': 'a\nb' }, 'one line'],
  ])('is a mistake: %s', (name, values, words) => {
    const mistake = onlyMistake(read(values));
    expect(mistake.input).toBe(name);
    expect(mistake.expected).toContain(words);
  });
});

describe('swapped keys', () => {
  it('are a mistake, as inputs and as variables', () => {
    const swapped = onlyMistake(read({ ...KEYS, 'access-key': LETTERS_40, 'secret-key': LETTERS_20 }));
    expect(swapped).toMatchObject({ input: 'access-key, secret-key', value: null });
    expect(swapped.expected).toContain('swapped');
    const variables = { OS_ACCESS_KEY: LETTERS_40, OS_SECRET_KEY: LETTERS_20 };
    expect(onlyMistake(read({ token: undefined }, variables)).input).toBe('OS_ACCESS_KEY, OS_SECRET_KEY');
  });

  it.each([
    [LETTERS_20, LETTERS_40],
    [LETTERS_40, LETTERS_40],
    [LETTERS_20, LETTERS_20],
    [`${LETTERS_40}x`, LETTERS_20],
  ])('are not suspected in %s, %s', (access, secret) => {
    expect(mistakesOf(read({ ...KEYS, 'access-key': access, 'secret-key': secret }))).toEqual([]);
  });
});

it('a value that was masked on its way is a mistake', () => {
  expect(onlyMistake(read({ token: '***' })).expected).toContain('replaced by a mask');
});

describe('what looks odd but may be right', () => {
  const doubtsOf = (values: Record<string, string | undefined>, variables = {}) =>
    configOf(read(values, variables)).hints.login;

  it.each<[string, Record<string, string | undefined>, RegExp[]]>([
    ['nothing', USER, []],
    ["an account's ID", { ...USER, domain: 'a'.repeat(32) }, [/^`domain` looks like the ID of an account/]],
    ['a blank at the end', { ...USER, username: 'u ' }, [/^`username` has a blank at one end/]],
    ['a blank before the line break', { ...USER, password: 'pw \n' }, [/^`password` has a blank at one end/]],
    ['a line break at the end only', { ...USER, password: 'pw\n' }, []],
    ['no break space', { ...USER, domain: '\u00a0d' }, [/^`domain` has a blank at one end/]],
    ['keys', { token: undefined, 'access-key': 'AK ', 'secret-key': 'SK' }, []],
  ])('%s', (_, values, expected) => {
    expect(doubtsOf(values)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it('names the variables that it came from', () => {
    const variables = { HW_USER_NAME: ' u', HW_USER_PASSWORD: 'pw', HW_DOMAIN_NAME: 'b'.repeat(32) };
    expect(doubtsOf({ token: undefined }, variables)).toEqual([
      expect.stringMatching(/^`HW_DOMAIN_NAME` looks like the ID/),
      expect.stringMatching(/^`HW_USER_NAME` has a blank/),
    ]);
  });
});
