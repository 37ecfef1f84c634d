import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputReader } from '../../../src/inputs/input-reader.ts';
import { readManifests } from '../../../src/inputs/manifest.ts';
import { SecretRegistry } from '../../../src/secret.ts';
import { IMAGE_A as A, IMAGE_B as B, configOf, inputs, onlyMistake, read } from './kit.ts';

const C = '5a3ec6bb-6c2c-4d2b-9b5c-0a1b2c3d4e5f';
/** Seconds; the manifests are read a minute later. */
const BUILT = 1_790_000_000;

let root: string;
let workspace: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'manifest-'));
  workspace = join(root, 'workspace');
  mkdirSync(join(workspace, 'out'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const build = (artifact: unknown, run: unknown = 'last', fields: object = {}) => ({
  name: 'golden',
  builder_type: 'openstack',
  build_time: run === 'last' ? BUILT : BUILT - 3600,
  artifact_id: artifact,
  packer_run_uuid: run,
  ...fields,
});
const textOf = (builds: unknown, lastRun: unknown = 'last') => JSON.stringify({ builds, last_run_uuid: lastRun });
const put = (path: string, text: string | Buffer) => writeFileSync(join(workspace, path), text);

function readAt(paths: string, only: readonly string[] | null = null, now = BUILT + 60, from = workspace) {
  const env = inputs({ manifest: paths, 'manifest-builds': only === null ? undefined : JSON.stringify(only) });
  const reader = new InputReader(env, new SecretRegistry(() => {}));
  const images = readManifests(reader, from, now * 1000);
  return { images, notes: reader.notes, warnings: reader.warnings, mistakes: reader.mistakes() };
}

function writeText(text: string | Buffer, only: readonly string[] | null = null) {
  put('manifest.json', text);
  return readAt('manifest.json', only);
}

const write = (builds: unknown, only: readonly string[] | null = null) => writeText(textOf(builds), only);

function imagesOf({ images, ...reading }: ReturnType<typeof readAt>) {
  if (images === null) throw new Error(sayingOf({ images, ...reading }));
  expect(reading.mistakes).toEqual([]);
  return { ...images, notes: reading.notes, warnings: reading.warnings };
}

function sayingOf({ images, mistakes }: ReturnType<typeof readAt>): string {
  if (images !== null) return '';
  return mistakes.map(({ input, value, expected }) => `${input}: ${value} | ${expected}`).join('\n');
}

describe('a manifest', () => {
  it.each([
    ['one build', [build(A)], [A]],
    ['several builds of the run', [build(A), build(B)], [A, B]],
    ['several images in a build', [build(`${A};${B}`)], [A, B]],
    ['commas, blanks and a last separator', [build(` ${A}, ${B},`)], [A, B]],
    ['regions in front', [build(`eu-de:${A};eu-nl:${B}`)], [A, B]],
    ['upper case and duplicates', [build(A.toUpperCase()), build(A)], [A]],
    ['builds without names and times', [{ artifact_id: A, packer_run_uuid: 'last' }], [A]],
  ])('gives the images of %s', (_, builds, ids) => {
    expect(imagesOf(write(builds))).toMatchObject({ ids, notes: [], warnings: [] });
  });

  it('is reported with its path and the digest of its bytes', () => {
    const text = textOf([build(A)]);
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(imagesOf(writeText(text)).manifests).toEqual([{ path: 'manifest.json', sha256 }]);
  });

  const encodings: [string, (text: string) => Buffer][] = [
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without one', (text) => Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['big-endian UTF-16 without one', (text) => Buffer.from(text, 'utf16le').swap16()],
  ];
  it.each(encodings)('may be written in %s', (_, encode) => {
    expect(imagesOf(writeText(encode(textOf([build(A, 'last', { name: 'gölden' })])))).ids).toEqual([A]);
    expect(imagesOf(writeText(encode(`  \r\n${textOf([build(A)])}\r\n`))).ids).toEqual([A]);
  });
});

describe('builds of other runs', () => {
  it('are left out, whatever is in them, and older ones are counted', () => {
    const builds = [build('ami-1', 'first'), build(B, 'second'), build(A)];
    expect(imagesOf(write(builds))).toMatchObject({
      ids: [A],
      notes: ['2 older builds of the manifest left out'],
      warnings: [],
    });
    expect(imagesOf(write([build(B, 'first'), build(A)])).notes).toEqual(['1 older build of the manifest left out']);
  });

  it.each([
    ['newer', BUILT + 10],
    ['as new', BUILT],
    ['newer, its time in a string', String(BUILT + 10)],
  ])('are named in a warning if they are %s', (_, build_time) => {
    const { ids, notes, warnings } = imagesOf(
      write([build(A), build(B, 'other', { build_time, name: 'debian', builder_type: 'huaweicloud-ecs' })]),
    );
    expect([ids, notes]).toEqual([[A], []]);
    expect(warnings).toEqual([
      'Manifest "manifest.json": 1 build of another run is as new as the last run or newer, and was left out: build 2 "debian" (huaweicloud-ecs). If it is meant too, give the manifest of each run, one path per line.',
    ]);
  });

  it('are as new as the last run if they ended after its first build', () => {
    const builds = [build(A), build(B, 'last', { build_time: BUILT + 100 }), build(C, 'x', { build_time: BUILT + 50 })];
    expect(imagesOf(write(builds)).warnings).toHaveLength(1);
  });

  it('are not called older if their age is unknown', () => {
    const undated = build(B, 'first', { build_time: undefined });
    const note = '1 build of other runs, without `build_time`, left out of the manifest';
    expect(imagesOf(write([undated, build(A)])).notes).toEqual([note]);
    expect(imagesOf(write([build(B, 'first'), build(A, 'last', { build_time: 0 })])).notes).toEqual([note]);
  });

  it('are named a few at a time, whatever the names contain', () => {
    const many = Array.from({ length: 7 }, (_, index) =>
      build(B, 'other', { build_time: BUILT, name: `a\nb${index}${'x'.repeat(500)}`, builder_type: 'c\nd' }),
    );
    const [warning = ''] = imagesOf(write([build(A), ...many])).warnings;
    expect(warning).toContain('7 builds of another run are');
    expect(warning).toContain('and 2 more');
    expect(warning).not.toContain('\n');
    expect(warning.length).toBeLessThan(800);
  });
});

it('warns of a last run that is more than a day old', () => {
  put('manifest.json', textOf([build(A), build(B, 'last', { build_time: BUILT - 1000 })]));
  const warningsAt = (age: number) => imagesOf(readAt('manifest.json', null, BUILT + age)).warnings;
  expect(warningsAt(24 * 3600)).toEqual([]);
  expect(warningsAt(-3600)).toEqual([]);
  expect(warningsAt(30 * 3600)[0]).toContain('its last run ended 30 hours ago (2026-09-21 14:13 UTC)');
  expect(warningsAt(3 * 24 * 3600 + 5)).toEqual([
    'Manifest "manifest.json": its last run ended 3 days ago (2026-09-21 14:13 UTC). If Packer has failed since, these are the images of an earlier run.',
  ]);
});

describe('run UUIDs that are empty', () => {
  it('are taken as one run, with a warning', () => {
    const { ids, warnings } = imagesOf(writeText(textOf([build(A, ''), build(B, '')], '')));
    expect(ids).toEqual([A, B]);
    expect(warnings.join()).toContain(
      'its run UUIDs are empty, so its runs cannot be told apart: all images of 2 builds',
    );
  });

  it('are named if they are only in the builds, or only in the last run', () => {
    expect(sayingOf(write([build(A, '')]))).toContain('The `packer_run_uuid` of some is empty');
    expect(sayingOf(writeText(textOf([build(A, 'x')], '')))).toContain('last_run_uuid: (empty) | None of the 1 builds');
  });
});

describe('several manifests', () => {
  beforeEach(() => {
    put('a.json', textOf([build(A, 'first'), build(B)]));
    put('b.json', textOf([build(C, 'x'), build(B, 'x')], 'x'));
  });

  it('are read one per line, each file once', () => {
    const images = imagesOf(readAt('a.json\r\n\n  b.json  \na.json'));
    expect(images).toMatchObject({ ids: [B, C], notes: ['1 older build of the manifests left out'] });
    expect(images.manifests.map(({ path }) => path)).toEqual(['a.json', 'b.json']);
  });

  it('are found wrong all at once, and name the file of a build', () => {
    put('c.json', '{');
    expect(sayingOf(readAt('c.json\nnone.json')).split('\n')).toHaveLength(2);
    put('c.json', textOf([build('')]));
    expect(sayingOf(readAt('a.json\nc.json'))).toContain('manifest: c.json, build 1 "golden" (openstack): (empty)');
  });

  it('do not warn of a newer build that another of them brings', () => {
    put('merged.json', textOf([build(B), build(C, 'x', { build_time: BUILT + 60 })]));
    expect(imagesOf(readAt('merged.json')).warnings).toHaveLength(1);
    expect(imagesOf(readAt('merged.json\nb.json')).warnings).toEqual([]);
  });
});

describe('manifest-builds', () => {
  const builds = [
    build(A, 'last', { name: 'ubuntu' }),
    build('ami-1', 'last', { name: 'aws', builder_type: 'amazon-ebs' }),
    build(B, 'last', { name: 'debian', builder_type: 'huaweicloud-ecs' }),
    build(C, 'first', { name: 'centos' }),
  ];

  it.each([
    ['a name', ['ubuntu'], [A]],
    ['a builder type', ['huaweicloud-ecs'], [B]],
    ['both', ['huaweicloud-ecs', 'ubuntu'], [A, B]],
  ])('takes builds by %s', (_, only, ids) => {
    const images = imagesOf(write(builds, only));
    expect(images.ids).toEqual(ids);
    expect(images.notes).toEqual([
      `${3 - ids.length} build${ids.length === 2 ? '' : 's'} of the last run left out, not named in \`manifest-builds\``,
    ]);
  });

  it('has to match exactly, or a mistake says what there is', () => {
    expect(sayingOf(write(builds, ['Ubuntu', 'ubuntu', 'openstack.ubuntu']))).toBe(
      'manifest-builds: Ubuntu; openstack.ubuntu | No build of the last run has this name or builder type; it has to match exactly. The last run has "ubuntu" (openstack), "aws" (amazon-ebs), "debian" (huaweicloud-ecs).',
    );
  });

  it('does not take a build that the last run lacks from an earlier run', () => {
    expect(sayingOf(write(builds, ['centos']))).toContain('Only another run has `centos`: the build may have failed');
  });

  it('may choose from several manifests', () => {
    put('a.json', textOf([builds[0]]));
    put('b.json', textOf([builds[2]]));
    expect(imagesOf(readAt('a.json\nb.json', ['debian'])).ids).toEqual([B]);
    expect(imagesOf(readAt('a.json\nb.json', ['debian', 'ubuntu'])).ids).toEqual([A, B]);
  });

  it('does not warn of builds that are not wanted', () => {
    const other = build(C, 'other', { name: 'centos', build_time: BUILT + 1 });
    expect(imagesOf(write([...builds, other], ['ubuntu'])).warnings).toEqual([]);
    expect(imagesOf(write([build(A), other], ['openstack'])).warnings).toHaveLength(1);
  });
});

describe('what is wrong with a manifest is reported:', () => {
  it.each([
    ['empty', () => writeText(' \n'), 'is empty'],
    ['malformed', () => writeText('{"builds": ['), 'not valid JSON. It looks cut off'],
    ['binary', () => writeText(Buffer.from([65, 66, 0, 255, 254, 13])), 'not valid JSON. It contains zero bytes'],
    ['an archive', () => writeText('PK\u0003\u0004xx'), 'zip archive'],
    ['compressed', () => writeText(Buffer.from([0x1f, 0x8b, 8, 1])), 'compressed'],
    ['a page', () => writeText('<!DOCTYPE html>'), 'HTML'],
    ['a pointer', () => writeText('version https://git-lfs.github.com/spec/v1\n'), 'lfs: true'],
    ['two in a row', () => writeText(`${textOf([build(A)])}\n${textOf([build(B)])}`), 'several JSON texts in a row'],
    ['a log', () => writeText('==> openstack.golden: Creating'), "Packer's log"],
    ['too large', () => writeText(Buffer.alloc(10 * 1024 * 1024 + 1, ' ')), 'too large'],
    ['something else', () => writeText('["a"]'), 'no `builds` and `last_run_uuid`'],
    ['a list of manifests', () => writeText(`[${textOf([build(A)])}]`), 'a list of manifests'],
    ['without a last run', () => writeText(JSON.stringify({ builds: [build(A)] })), 'but has no `last_run_uuid`.'],
    ['without builds', () => writeText(textOf({})), 'but has no `builds`.'],
    ['without builds of the last run', () => write([build(A, 'first')]), 'last_run_uuid: last | None of the 1 builds'],
    ['without any build', () => write([]), 'None of the 0 builds'],
    ['without an artifact', () => write([build(A), build(undefined)]), 'build 2 "golden" (openstack): no artifact_id'],
    ['with an empty artifact', () => write([build('')]), 'build 1 "golden" (openstack): (empty)'],
    ['with an artifact that is no text', () => write([build([A])]), `build 1 "golden" (openstack): ["${A}"]`],
    ['without a name', () => write([build('', 'last', { name: '' })]), 'build 1 (openstack): (empty)'],
    ['without name and type', () => write([{ packer_run_uuid: 'last' }]), 'build 1: no artifact_id'],
    ['of AWS', () => write([build('us-east-1:ami-0abc')]), 'looks like an AMI ID of AWS'],
    ['of Docker', () => write([build('sha256:0123')]), 'looks like a digest of a container image'],
    ['of VirtualBox', () => write([build('VM')]), 'build 1 "golden" (openstack): VM'],
    ['with one foreign image', () => write([build(`${A};nope`)]), 'build 1 "golden" (openstack): nope'],
  ])('%s', (_, reading, saying) => {
    expect(sayingOf(reading())).toContain(saying);
  });

  it('an image ID beside a foreign one is not taken for a damaged one', () => {
    expect(sayingOf(write([build(`${A};nope`)]))).not.toContain('lost or gained');
  });

  it('builds of another cloud are named, with the cure', () => {
    const azure = build('/subscriptions/s/images/i', 'last', { name: 'azure-base', builder_type: 'azure-arm' });
    const saying = sayingOf(write([build(A, 'last', { name: 'ubuntu' }), build(B, 'last', { name: 'a b' }), azure]));
    expect(saying).toContain('build 3 "azure-base" (azure-arm): /subscriptions/s/images/i');
    expect(saying).toContain('`manifest-builds: ubuntu`, or let the post-processor write them with `only`');
  });
});

describe('the path', () => {
  it.each([
    ['nowhere.json', 'no such file in the workspace'],
    ['gone/m.json', 'Its folder does not exist either'],
    ['Manifest.json', 'There is `manifest.json`: names are case-sensitive'],
    ['out', 'This is a folder, not a file. It holds no .json file'],
    ['download', 'It holds `download/packer-manifest.json`: write that path'],
    ['many', 'It holds `many/a.json`, `many/b.json`, `many/c.json` and 1 more: write the paths'],
    ['out\\manifest.json', 'write `out/manifest.json`.'],
    ['.\\manifest.json', 'write `./manifest.json`, which is there.'],
    ['D:\\a\\r\\manifest.json', 'folders are separated by `/`'],
    ['*.json', 'This is a glob'],
    ['out/**/manifest.json', 'This is a glob'],
    ['{a,b}.json', 'This is a glob'],
    ['a.json, b.json', 'This is a list in one line: write one path per line'],
    ['a.json;b.json', 'This is a list in one line'],
    ['a.json b.json', 'This is a list in one line'],
    ['["a.json", "b.json"]', 'give neither a list of paths nor what is in the file'],
    ['[\n  "a.json",\n  "b.json"\n]', 'give neither a list of paths nor what is in the file'],
    ['{\n  "builds": [],\n  "last_run_uuid": ""\n}', 'give neither a list of paths nor what is in the file'],
    ['[a.json]', 'without quotes and brackets'],
    ['"manifest.json"', 'without quotes'],
    ['- manifest.json', 'without the dash'],
    ['a.json%0Ab.json', 'Line breaks are still escaped'],
    ['a.json\\nb.json', 'Line breaks are still escaped'],
    ['~/manifest.json', '`~` is not expanded'],
    ['$GITHUB_WORKSPACE/manifest.json', 'Variables are not expanded'],
    ['%GITHUB_WORKSPACE%/manifest.json', 'Variables are not expanded'],
    ['https://host/manifest.json', 'A URL is not fetched'],
    ['file:///w/manifest.json', 'A URL is not fetched'],
  ])('%s is explained', (path, saying) => {
    put('manifest.json', textOf([build(A)]));
    for (const folder of ['download', 'many']) mkdirSync(join(workspace, folder));
    put('download/packer-manifest.json', '{}');
    for (const name of 'abcd') put(`many/${name}.json`, '{}');
    expect(sayingOf(readAt(path))).toContain(saying);
  });

  it('may look like a list or a glob if there is such a file', () => {
    put('a, [b] $c.json', textOf([build(A)]));
    expect(imagesOf(readAt('a, [b] $c.json')).ids).toEqual([A]);
  });

  it('has to be in the workspace', () => {
    const outside = join(root, 'outside.json');
    writeFileSync(outside, textOf([build(A)]));
    for (const path of ['../outside.json', '../nothing.json', outside, 'out/../../outside.json', '/etc/passwd', '..']) {
      expect(sayingOf(readAt(path)), path).toContain('has to be in the workspace');
    }
  });

  it('may be absolute, and may begin with two dots in a name', () => {
    put('..manifest', textOf([build(A)]));
    for (const path of ['..manifest', join(workspace, '..manifest')]) expect(imagesOf(readAt(path)).ids).toEqual([A]);
  });

  it('must not leave the workspace through a link, to a file or to a folder', () => {
    writeFileSync(join(root, 'outside.json'), textOf([build(A)]));
    symlinkSync(join(root, 'outside.json'), join(workspace, 'link.json'));
    symlinkSync(root, join(workspace, 'folder'));
    for (const path of ['link.json', 'folder/outside.json', 'folder']) {
      expect(sayingOf(readAt(path)), path).toContain('has to be in the workspace');
    }
  });

  it('may go through links inside, also if the workspace itself is one', () => {
    put('manifest.json', textOf([build(A)]));
    symlinkSync('manifest.json', join(workspace, 'link.json'));
    symlinkSync(workspace, join(root, 'alias'));
    expect(imagesOf(readAt('link.json', null, BUILT, join(root, 'alias'))).ids).toEqual([A]);
  });

  it('is a mistake if it goes in a circle or holds a NUL', () => {
    symlinkSync('circle', join(workspace, 'circle'));
    expect(sayingOf(readAt('circle'))).toContain('cannot be read (ELOOP)');
    expect(sayingOf(readAt('a\0b'))).toContain('given by its path');
  });
});

it('gives image IDs or a mistake, whatever the JSON', () => {
  const builds = fc.array(
    fc.record({
      packer_run_uuid: fc.constantFrom('last', 'first', 1, ''),
      artifact_id: fc.oneof(fc.uuid(), fc.anything()),
      build_time: fc.oneof(fc.integer(), fc.double(), fc.anything()),
      name: fc.anything(),
      builder_type: fc.oneof(fc.string(), fc.anything()),
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), builds), (value) => {
      const reading = write(value);
      if (reading.images !== null) for (const id of reading.images.ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
      else expect(sayingOf(reading)).not.toBe('');
    }),
  );
});

describe('in a reading', () => {
  const reading = (values: Record<string, string> = {}) =>
    read({ images: '', manifest: 'manifest.json', ...values }, { GITHUB_WORKSPACE: workspace });

  it('is relative to the workspace, and what was left out is noted', () => {
    put('manifest.json', textOf([build(B, 'first'), build(A)]));
    const config = configOf(reading());
    expect(config).toMatchObject({
      selection: { by: 'ids', ids: [A], manifests: [{ path: 'manifest.json' }] },
      notes: ['1 older build of the manifest left out'],
    });
    expect(config.warnings.join()).toContain('its last run ended');
  });

  it('keeps its warnings if another input is wrong', () => {
    put('manifest.json', textOf([build(A)]));
    const rejected = reading({ retries: 'many' });
    expect(onlyMistake(rejected).input).toBe('retries');
    expect(rejected.ok ? [] : rejected.known.warnings).toEqual([expect.stringContaining('its last run ended')]);
  });

  it('shows hostile text shortened', () => {
    put('manifest.json', textOf([build(`x${'y'.repeat(10_000)}`, 'last', { name: 'z'.repeat(10_000) })]));
    const mistake = onlyMistake(reading());
    expect(mistake.input).toBe('manifest');
    expect(mistake.value).toMatch(/^manifest\.json; build 1 "z{60}…" \(openstack\): xy+…$/);
    expect(mistake.value?.length).toBeLessThan(200);
  });

  it('takes only the builds that `manifest-builds` names', () => {
    put('manifest.json', textOf([build(A), build('VM', 'last', { name: 'box' })]));
    expect(configOf(reading({ 'manifest-builds': 'golden' })).selection).toMatchObject({ ids: [A] });
    expect(onlyMistake(reading({ 'manifest-builds': 'nope' }))).toMatchObject({
      input: 'manifest-builds',
      value: 'nope',
    });
    expect(onlyMistake(reading({ 'manifest-builds': '[]' })).expected).toContain('The list is empty');
    const without = read({ 'manifest-builds': 'golden' });
    expect(onlyMistake(without)).toMatchObject({ input: 'manifest-builds', value: 'golden' });
  });

  it('has to hold `min-images` different images', () => {
    put('manifest.json', textOf([build(`${A};${B}`), build(A)]));
    expect(configOf(reading({ 'min-images': '2' })).selection).toMatchObject({ ids: [A, B] });
    expect(onlyMistake(reading({ 'min-images': '3' }))).toMatchObject({ input: 'min-images', value: '3' });
  });
});
