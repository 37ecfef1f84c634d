import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Topic, UNREAD_VARIABLES } from '../../../src/inputs/unread-variables.ts';
import { isRead, READ_VARIABLES } from '../../../src/inputs/variables.ts';
import { configOf, IMAGE_A, inputs, PROJECT, readEnv, unreadNames } from './kit.ts';

type Values = Readonly<Record<string, string>>;

const IMAGES = inputs({ images: IMAGE_A });
const PLACE = inputs({ project: PROJECT, region: 'eu-de' });

const USER = { OS_USERNAME: 'u', OS_PASSWORD: 'pass-word', OS_USER_DOMAIN_NAME: 'd' };
const AGENCY = inputs({ 'agency-name': 'n', 'agency-domain': 'd2' });

/** The environment that a variable of this role makes a difference in. */
function contextOf(role: string): Readonly<Record<string, string | undefined>> {
  switch (role) {
    case 'insecure':
    case 'cloud':
    case 'project-domain':
      return { ...PLACE, ...USER };
    case 'project':
      return { ...inputs({ region: 'eu-nl' }), ...USER };
    case 'delegated-project':
      return { ...USER, ...AGENCY };
    case 'region':
    case 'auth-url':
      return { ...inputs({ project: PROJECT }), ...USER };
    default:
      return PLACE;
  }
}
const VALUES: Readonly<Record<string, string>> = {
  'auth-url': 'https://iam.eu-nl.otc.t-systems.com/v3',
  region: 'eu-nl',
  cloud: 'elsewhere.example',
  insecure: 'true',
  project: 'eu-nl_x',
  'delegated-project': 'eu-nl_x',
};

describe('the table of variables', () => {
  const forIms = READ_VARIABLES.filter((row) => isRead(row, 'ims'));

  it('holds every name once: it is read or not', () => {
    const names = [...forIms.map(({ name }) => name), ...unreadNames];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(READ_VARIABLES.filter(({ name }) => !names.includes(name))).toEqual([]);
  });

  it.each(forIms.map(({ name, role }) => [name, role] as const))('%s is read', (name, role) => {
    const context = { ...IMAGES, ...contextOf(role) };
    const without = readEnv(context);
    const given = readEnv({ ...context, [name]: VALUES[role] ?? 'a-value' });
    expect(JSON.stringify(given)).not.toBe(JSON.stringify(without));
  });

  it.each(
    UNREAD_VARIABLES.flatMap(([names, , explains]) =>
      names.split(' ').flatMap((name) => explains.map((topic) => [name, topic] as const)),
    ),
  )('%s is named in the error "%s"', (name, topic) => {
    for (const text of textsOf(topic, name, 'x')) expect(text).toContain(`\`${name}\``);
    for (const text of textsOf(topic, name, '')) expect(text).not.toContain(`\`${name}\` is set, but`);
  });

  it('names variables that share an explanation together', () => {
    const { mistakes } = readEnv({ ...IMAGES, ...PLACE, OS_CLOUD: 'otc', OS_CLIENT_CONFIG_FILE: 'x' }) as {
      mistakes: readonly { expected: string }[];
    };
    expect(mistakes[0]?.expected).toMatch(
      / `OS_CLOUD` and `OS_CLIENT_CONFIG_FILE` are set, but `clouds.yaml` is not read: hand over what it holds as inputs\.$/,
    );
  });
});

/** What the errors of a topic say if a variable is set. */
function textsOf(topic: Topic, name: string, value: string): readonly string[] {
  const env = { [name]: value };
  const token = inputs({ token: 'a-token' });
  const password = { ...IMAGES, ...PLACE, ...inputs({ username: 'u', password: 'pw', domain: 'd' }), ...env };
  const keys = { ...IMAGES, ...PLACE, ...inputs({ 'access-key': 'ak-ak', 'secret-key': 'sk-sk' }), ...env };
  const errors = (values: Readonly<Record<string, string | undefined>>) => [
    JSON.stringify(readEnv({ ...IMAGES, ...values, ...env })),
  ];
  switch (topic) {
    case 'login':
      return [...errors(PLACE), ...errors({ ...PLACE, OS_DOMAIN_NAME: 'd' })];
    case 'agency':
      return errors({ ...PLACE, ...token, OS_AGENCY_NAME: 'n' });
    case 'project':
      return errors(inputs({ 'identity-provider': 'x', region: 'eu-de' }));
    case 'region':
      return errors(token);
    case 'refused password':
      return [configOf(readEnv(password)).hints.login.join()];
    case 'refused keys':
      return [configOf(readEnv(keys)).hints.login.join()];
    case 'certificate':
      return [configOf(readEnv(password)).hints.certificate];
  }
}

describe('docs/authentication.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/authentication.md'), 'utf8');

  it('names every variable', () => {
    const names = [...READ_VARIABLES.map(({ name }) => name), ...unreadNames];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('names no other variable of these tools', () => {
    const known = new Set([...READ_VARIABLES.map(({ name }) => name), ...unreadNames]);
    const named = page.match(/`(?:OS|HW|HUAWEI_CLOUD|HUAWEICLOUD)_[A-Z_]+`/g) ?? [];
    expect(named.map((name) => name.slice(1, -1)).filter((name) => !known.has(name) && !name.endsWith('_'))).toEqual(
      [],
    );
  });
});

describe('OS_INSECURE and HW_INSECURE', () => {
  const warningsOf = (env: Values) =>
    configOf(readEnv({ ...IMAGES, ...PLACE, ...inputs({ token: 'a-token' }), ...env })).warnings;

  it.each([
    [{ OS_INSECURE: 'true' }, '`OS_INSECURE` has no effect'],
    [{ HW_INSECURE: '1' }, '`HW_INSECURE` has no effect'],
    [{ OS_INSECURE: 'yes', HW_INSECURE: 'True' }, '`OS_INSECURE` and `HW_INSECURE` have no effect'],
  ])('%o: a warning', (env, words) => {
    expect(warningsOf(env)).toEqual([expect.stringContaining(words)]);
  });

  it.each([{}, { OS_INSECURE: 'false' }, { HW_INSECURE: '0' }, { OS_INSECURE: ' ' }])('%o: no warning', (env) => {
    expect(warningsOf(env as Values)).toEqual([]);
  });
});
