import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INPUTS, isSecretInput } from '../../../src/inputs/table.ts';
import { isRead, READ_VARIABLES } from '../../../src/inputs/variables.ts';
import {
  configOf,
  IMAGE_A,
  IMAGE_B,
  inputs,
  mistakesOf,
  onlyMistake,
  PROJECT,
  read,
  readEnv,
  unreadNames,
} from './kit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reading-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a complete set of inputs', () => {
  it('is the example of the API’s documentation', () => {
    const { credentials, ...config } = configOf(
      read({ images: `${IMAGE_A}, ${IMAGE_B}`, vault: 'd14r5tef-1bc3-4c4f-823e-3e471rg65e65', project: PROJECT }),
    );
    expect(credentials.method).toBe('token');
    expect(config).toEqual({
      selection: { by: 'ids', ids: [IMAGE_A, IMAGE_B], manifests: [] },
      status: 'accepted',
      mode: 'apply',
      api: 'ims',
      projects: [PROJECT],
      vaults: new Map([[PROJECT, 'd14r5tef-1bc3-4c4f-823e-3e471rg65e65']]),
      projectSource: 'project',
      unconfirmed: [],
      region: 'eu-de',
      imsEndpoint: null,
      authUrl: null,
      agency: null,
      login: { method: 'token', sources: ['token'], host: null },
      hints: { login: [], project: '', region: '', certificate: '' },
      requireProof: true,
      trustedOwners: [],
      shareTimeout: 120_000,
      timeout: 600_000,
      requestTimeout: 30_000,
      pollInterval: null,
      retries: 5,
      wait: true,
      reporting: { summary: true, resultsFile: null, commitStatus: null },
      notes: [],
      warnings: [],
    });
  });

  it('is taken as given if it differs from the defaults', () => {
    const values = {
      status: 'reject',
      mode: 'plan',
      'trusted-owners': `${PROJECT.toUpperCase()}, other`,
      'share-timeout': '0',
      timeout: '1h',
      'request-timeout': '500ms',
      'poll-interval': '3',
      retries: '0',
      wait: 'False',
      summary: 'FALSE',
    };
    expect(configOf(read(values))).toMatchObject({
      status: 'rejected',
      mode: 'plan',
      trustedOwners: [PROJECT, 'other'],
      shareTimeout: 0,
      timeout: 3_600_000,
      requestTimeout: 500,
      pollInterval: 3000,
      retries: 0,
      wait: false,
      reporting: { summary: false },
    });
  });

  it('is not disturbed by blanks around values and by empty inputs', () => {
    const blank = Object.fromEntries(INPUTS.map(({ name }) => [name, ' \n']));
    expect(
      configOf(
        read({ ...blank, images: `\n${IMAGE_A}\r\n`, token: ' t ', project: ` ${PROJECT}\n`, region: ' eu-de ' }),
      ),
    ).toMatchObject({
      selection: { ids: [IMAGE_A] },
      projects: [PROJECT],
      region: 'eu-de',
      timeout: 600_000,
    });
  });
});

describe('the selection', () => {
  it.each([
    ['nothing', { images: '' }, 'images, manifest, match-name', 'may have produced nothing'],
    ['an empty JSON array', { images: '[]' }, 'images, manifest, match-name', '`images` is an empty list'],
    ['an empty Terraform map', { images: '{}' }, 'images, manifest, match-name', '`images` is an empty list'],
    ['two ways', { manifest: 'm.json' }, 'images, manifest', 'not several'],
    ['names without trusted owners', { images: '', 'match-name': 'golden-*' }, 'trusted-owners', 'anyone could share'],
    [
      'names without trusted owners to check',
      { images: '', 'match-name': 'golden-*', mode: 'check' },
      'trusted-owners',
      'anyone could share',
    ],
    [
      'a list of trusted owners that is empty',
      { images: '', 'match-name': '*', 'trusted-owners': '[]' },
      'trusted-owners',
      'The list is empty',
    ],
    ['a count of images that is none', { 'min-images': '0' }, 'min-images', 'positive whole number'],
    ['a count of images with a sign', { 'min-images': '+1' }, 'min-images', 'positive whole number'],
    ['a count of images with a fraction', { 'min-images': '1.0' }, 'min-images', 'positive whole number'],
    [
      'fewer different images than expected',
      { images: `${IMAGE_A} ${IMAGE_A}`, 'min-images': '2' },
      'min-images',
      'Only 1 image is given',
    ],
    ['builds without a manifest', { 'manifest-builds': 'ubuntu' }, 'manifest-builds', 'which is not given'],
    ['a masked value, perhaps', { images: '' }, 'images, manifest, match-name', 'not in secrets'],
    ['a name as a trusted owner', { 'trusted-owners': 'eu-de_golden' }, 'trusted-owners', 'names cannot be looked up'],
    [
      'a wrong if-none',
      { images: '', 'match-name': '*', 'trusted-owners': 'o', 'if-none': 'warn' },
      'if-none',
      '`fail` or `pass`',
    ],
  ])('%s is a mistake', (_, values, names, saying) => {
    const mistake = mistakesOf(read(values)).find(({ input }) => input === names);
    expect(mistake?.expected).toContain(saying);
  });

  it('by name is for any status with trusted owners, and to reject without them', () => {
    const byName = { images: '[]', 'match-name': 'golden-*' };
    expect(configOf(read({ ...byName, 'trusted-owners': 'o', 'if-none': 'pass' })).selection).toEqual({
      by: 'match-name',
      glob: 'golden-*',
      ifNone: 'pass',
      minImages: 0,
    });
    expect(configOf(read({ ...byName, status: 'rejected' })).selection).toEqual({
      by: 'match-name',
      glob: 'golden-*',
      ifNone: 'fail',
      minImages: 0,
    });
    expect(configOf(read({ ...byName, mode: 'plan', 'min-images': '3' })).selection).toMatchObject({ minImages: 3 });
  });
});

describe('share-timeout', () => {
  const shareTimeoutOf = (values: Record<string, string>) => configOf(read(values)).shareTimeout;

  it.each([
    [{}, 120_000],
    [{ timeout: '4s' }, 4_000],
    [{ timeout: '4s', 'share-timeout': '2m' }, 4_000],
    [{ timeout: '4s', 'share-timeout': '120' }, 4_000],
    [{ timeout: '4s', 'share-timeout': '4000ms' }, 4_000],
    [{ timeout: '4s', 'share-timeout': '0' }, 0],
    [{ timeout: '1h', 'share-timeout': '30m' }, 1_800_000],
  ])('with %j is %d ms', (values, expected) => {
    expect(shareTimeoutOf(values)).toBe(expected);
  });

  it('longer than `timeout` is a mistake if the run may wait', () => {
    const longer = { timeout: '4s', 'share-timeout': '5s' };
    expect(onlyMistake(read(longer))).toMatchObject({ input: 'share-timeout', value: '5s' });
    expect(onlyMistake(read(longer)).expected).toContain('`timeout`, which is `4s`');
    expect(onlyMistake(read({ 'share-timeout': '11m' })).expected).toContain('`timeout`, which is `10m`');
    for (const values of [{ mode: 'plan' }, { mode: 'check' }, { status: 'rejected' }])
      expect(shareTimeoutOf({ ...longer, ...values })).toBe(4_000);
    expect(shareTimeoutOf({ ...longer, images: '', 'match-name': '*', 'trusted-owners': 'o' })).toBe(4_000);
  });
});

describe('the reporting inputs', () => {
  const reportingOf = (values: Record<string, string>) =>
    configOf(read(values, { GITHUB_WORKSPACE: folder })).reporting;

  it('give an absolute path in the workspace or elsewhere, and create nothing', () => {
    expect(reportingOf({ 'results-file': 'out/receipt.json' }).resultsFile).toBe(join(folder, 'out/receipt.json'));
    expect(reportingOf({ 'results-file': resolve(folder, 'x.json') }).resultsFile).toBe(join(folder, 'x.json'));
    expect(() => rmSync(join(folder, 'out'))).toThrow('ENOENT');
  });

  it('default to the working directory', () => {
    expect(configOf(read({ 'results-file': 'receipt.json' })).reporting.resultsFile).toBe(resolve('receipt.json'));
  });

  it.each(['.', 'folder', 'folder/', 'new/', 'file/receipt.json', 'a\0b'])('refuse %j as a file', (path) => {
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), '');
    expect(onlyMistake(read({ 'results-file': path }, { GITHUB_WORKSPACE: folder }))).toMatchObject({
      input: 'results-file',
      value: path,
    });
  });

  it('overwrite a file that is there', () => {
    writeFileSync(join(folder, 'receipt.json'), '{}');
    expect(reportingOf({ 'results-file': 'receipt.json' }).resultsFile).toBe(join(folder, 'receipt.json'));
  });

  it('need a token for a commit status', () => {
    const { commitStatus } = reportingOf({ 'commit-status': 'images / accepted', 'github-token': 'ghs_x' });
    expect([commitStatus?.context, commitStatus?.token.reveal()]).toEqual(['images / accepted', 'ghs_x']);
    expect(onlyMistake(read({ 'commit-status': 'c' }))).toMatchObject({ input: 'github-token', value: null });
    expect(onlyMistake(read({ 'commit-status': 'c', 'github-token': 'a b' }))).toMatchObject({
      input: 'github-token',
      value: null,
    });
    expect(onlyMistake(read({ 'commit-status': 'a\nb' })).input).toBe('commit-status');
  });
});

describe('mistakes', () => {
  it('are reported together, in the order of the table, variables last', () => {
    const values = {
      images: 'x',
      status: 'pending',
      mode: 'dry',
      project: 'a/b',
      region: 'nowhere',
      timeout: '0',
      wait: 'no',
      retries: '-1',
      'poll-interval': 'x',
    };
    const reading = read({ ...values, token: undefined }, { OS_USERNAME: 'u' });
    const names = [
      'images',
      'status',
      'mode',
      'project',
      'region',
      'timeout',
      'wait',
      'poll-interval',
      'retries',
      'OS_USERNAME',
    ];
    expect(mistakesOf(reading).map(({ input }) => input)).toEqual(names);
  });

  it('leave what is right known', () => {
    writeFileSync(join(folder, 'file'), '');
    const values = {
      status: 'reject',
      mode: 'plan',
      timeout: 'x',
      summary: 'x',
      'results-file': 'r.json',
      'commit-status': 'c',
      'github-token': 'g',
    };
    const reading = read(values, { GITHUB_WORKSPACE: folder });
    expect(reading.ok).toBe(false);
    expect(reading).toMatchObject({
      known: {
        status: 'rejected',
        mode: 'plan',
        images: [IMAGE_A],
        projects: [PROJECT],
        reporting: { summary: true, resultsFile: join(folder, 'r.json'), commitStatus: { context: 'c' } },
      },
    });
    expect(read({ status: 'x', mode: 'x', images: 'x', project: '' })).toMatchObject({
      known: { status: null, mode: null, images: [], projects: [] },
    });
  });

  it('show values shortened, and the first few of many', () => {
    const value = onlyMistake(read({ status: '😀'.repeat(500) })).value ?? '';
    expect(Array.from(value)).toHaveLength(121);
    expect(value.endsWith('😀…')).toBe(true);
    expect(onlyMistake(read({ images: 'a b c d e f g' })).value).toBe(
      'entry 1: a; entry 2: b; entry 3: c; entry 4: d; entry 5: e; and 2 more',
    );
  });
});

describe('secrets', () => {
  const secretInputs = INPUTS.filter((row) => 'secret' in row).map(({ name }) => name);
  const secretVariables = READ_VARIABLES.filter((row) => isSecretInput(row.role) && isRead(row, 'ims')).map(
    ({ name }) => name,
  );

  it('are these', () => {
    const keys = ['access-key', 'secret-key', 'security-token', 'application-credential-secret'];
    expect(secretInputs).toEqual(['token', 'password', ...keys, 'github-token']);
  });

  it.each(secretInputs)('%s is masked, also if everything else is wrong', (name) => {
    const reading = readEnv(inputs({ [name]: ' hunter22\n', status: 'x', images: 'x' }));
    expect(reading.ok).toBe(false);
    expect(new Set(reading.masked)).toEqual(new Set(['hunter22']));
  });

  it.each(secretVariables)('%s is masked, also if everything else is wrong', (name) => {
    const reading = readEnv({ ...inputs({ status: 'x', images: 'x' }), [name]: 'hunter22' });
    expect(reading.ok).toBe(false);
    expect(new Set(reading.masked)).toEqual(new Set(['hunter22']));
  });

  it('the runner’s request token is masked', () => {
    const values = { token: undefined, 'identity-provider': 'github' };
    expect(read(values, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'hunter22' }).masked).toEqual(['hunter22']);
  });

  it('are taken out of what is shown of other inputs before that is cut', () => {
    const secret = 'hunter22'.repeat(30);
    const text = JSON.stringify(
      mistakesOf(
        read({ token: secret, images: `x ${secret}`, 'auth-url': `https://h/${secret}`, status: `a${secret}b` }),
      ),
    );
    expect(text).toContain('a***b');
    expect(text).not.toContain('hunter22');
  });

  const SECRET = 's3cr3t-Va1ue';
  const names = [
    ...INPUTS.map(({ name }) => `INPUT_${name.toUpperCase()}`),
    ...READ_VARIABLES.map(({ name }) => name),
    ...unreadNames,
    ...['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  ];
  const plausible = fc.constantFrom(
    ...[
      'true',
      'accepted',
      'reject',
      'plan',
      '2m',
      '0',
      '5',
      'eu-de',
      'eu-de_team',
      'https://iam.eu-de.otc.t-systems.com/v3',
      'http://x',
      '[]',
      '*',
    ],
    ...[IMAGE_A, PROJECT, 'a=b', `https://${SECRET}@h`, `x ${SECRET}`, SECRET],
  );
  const environment = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(plausible, fc.string(), fc.string({ unit: 'binary' })),
  );

  it('are never in a mistake, and nothing makes a reading throw', () => {
    fc.assert(
      fc.property(environment, fc.constantFrom(...secretInputs), (env, secret) => {
        const reading = readEnv({ ...env, ...inputs({ [secret]: SECRET }), GITHUB_WORKSPACE: folder });
        expect(reading.masked).toContain(SECRET);
        expect(JSON.stringify(mistakesOf(reading))).not.toContain(SECRET);
        if (!reading.ok) expect(reading.mistakes.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
