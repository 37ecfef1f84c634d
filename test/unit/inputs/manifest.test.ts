import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readManifest } from '../../../src/inputs/manifest.ts';
import { IMAGE_A as A, IMAGE_B as B, configOf, onlyMistake, read, resultOf, sayingOf } from './kit.ts';

let root: string;
let workspace: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'manifest-'));
  workspace = join(root, 'workspace');
  mkdirSync(join(workspace, 'out'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const build = (artifact: unknown, run: unknown = 'last') => ({
  name: 'golden',
  builder_type: 'openstack',
  artifact_id: artifact,
  packer_run_uuid: run,
});
const write = (builds: unknown, lastRun: unknown = 'last') =>
  writeText(JSON.stringify({ builds, last_run_uuid: lastRun }));

function writeText(text: string | Buffer, path = join(workspace, 'manifest.json')) {
  writeFileSync(path, text);
  return readManifest('manifest.json', workspace);
}

describe('a manifest', () => {
  it.each([
    ['one build', [build(A)], [A]],
    ['several builds of the run', [build(A), build(B)], [A, B]],
    ['several images in a build', [build(`${A};${B}`)], [A, B]],
    ['commas, blanks and a last separator', [build(` ${A}, ${B},`)], [A, B]],
    ['regions in front', [build(`eu-de:${A};eu-nl:${B}`)], [A, B]],
    ['upper case and duplicates', [build(A.toUpperCase()), build(A)], [A]],
  ])('gives the images of %s', (_, builds, ids) => {
    expect(resultOf(write(builds))).toEqual({ ids, older: 0 });
  });

  it('leaves out the builds of earlier runs, whatever is in them, and counts them', () => {
    expect(resultOf(write([build('ami-1', 'first'), build(B, 'second'), build(A), null]))).toEqual({
      ids: [A],
      older: 3,
    });
  });

  it('may begin with a byte order mark', () => {
    expect(resultOf(writeText(`\uFEFF${JSON.stringify({ builds: [build(A)], last_run_uuid: 'last' })}`))).toEqual({
      ids: [A],
      older: 0,
    });
  });
});

describe('what is wrong with a manifest is said:', () => {
  it.each([
    ['missing', () => readManifest('nowhere.json', workspace), 'no such file'],
    ['a folder', () => readManifest('out', workspace), 'not a file'],
    ['empty', () => writeText(' \n'), 'is empty'],
    ['malformed', () => writeText('{"builds": ['), 'not valid JSON'],
    ['binary', () => writeText(Buffer.from([0, 255, 254, 13])), 'not valid JSON'],
    ['too large', () => writeText(Buffer.alloc(10 * 1024 * 1024 + 1, ' ')), 'too large'],
    ['something else', () => writeText('["a"]'), 'no `builds` and `last_run_uuid`'],
    ['without a last run', () => write([build(A)], ''), 'no `builds` and `last_run_uuid`'],
    ['without builds of the last run', () => write([build(A, 'first')]), 'last_run_uuid: last | None of the 1 builds'],
    ['without any build', () => write([]), 'None of the 0 builds'],
    ['without an artifact', () => write([build(A), build(undefined)]), 'build 2: no artifact_id'],
    ['with an empty artifact', () => write([build('')]), 'build 1: ""'],
    ['with an artifact that is no text', () => write([build([A])]), `build 1: ["${A}"]`],
    ['of AWS', () => write([build('us-east-1:ami-0abc')]), 'looks like an AMI ID of AWS'],
    ['of Docker', () => write([build('sha256:0123')]), 'looks like a digest of a container image'],
    ['with one foreign image', () => write([build(`${A};nope`)]), 'build 1: nope'],
  ])('%s', (_, reading, saying) => {
    expect(sayingOf(reading())).toContain(saying);
  });
});

describe('the path', () => {
  it('has to be in the workspace', () => {
    const outside = join(root, 'outside.json');
    writeText(JSON.stringify({ builds: [build(A)], last_run_uuid: 'last' }), outside);
    for (const path of ['../outside.json', '../nothing.json', outside, 'out/../../outside.json', '/etc/passwd', '..']) {
      expect(sayingOf(readManifest(path, workspace)), path).toContain('has to be in the workspace');
    }
  });

  it('may be absolute, and may begin with two dots in a name', () => {
    writeText(JSON.stringify({ builds: [build(A)], last_run_uuid: 'last' }), join(workspace, '..manifest'));
    expect(resultOf(readManifest('..manifest', workspace))).toEqual({ ids: [A], older: 0 });
    expect(resultOf(readManifest(join(workspace, '..manifest'), workspace))).toEqual({ ids: [A], older: 0 });
  });

  it('must not leave the workspace through a link, to a file or to a folder', () => {
    writeText(JSON.stringify({ builds: [build(A)], last_run_uuid: 'last' }), join(root, 'outside.json'));
    symlinkSync(join(root, 'outside.json'), join(workspace, 'link.json'));
    symlinkSync(root, join(workspace, 'folder'));
    for (const path of ['link.json', 'folder/outside.json']) {
      expect(sayingOf(readManifest(path, workspace)), path).toContain('has to be in the workspace');
    }
  });

  it('may go through links inside, also where the workspace itself is one', () => {
    write([build(A)]);
    symlinkSync('manifest.json', join(workspace, 'link.json'));
    symlinkSync(workspace, join(root, 'alias'));
    expect(resultOf(readManifest('link.json', join(root, 'alias')))).toEqual({ ids: [A], older: 0 });
  });

  it('is a mistake where it goes in a circle or holds a NUL', () => {
    symlinkSync('circle', join(workspace, 'circle'));
    expect(sayingOf(readManifest('circle', workspace))).toContain('cannot be read (ELOOP)');
    expect(sayingOf(readManifest('a\0b', workspace))).toContain('given by its path');
  });
});

it('gives image IDs or a mistake, whatever the JSON', () => {
  const builds = fc.array(
    fc.record({
      packer_run_uuid: fc.constantFrom('last', 'first', 1),
      artifact_id: fc.oneof(fc.uuid(), fc.anything()),
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), builds), (value) => {
      const result = resultOf(write(value));
      if (result !== 'wrong') for (const id of result.ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }),
  );
});

describe('in a reading', () => {
  it('is relative to the workspace, and the older builds are noted', () => {
    write([build(B, 'first'), build(A)]);
    const reading = () => read({ images: '', manifest: 'manifest.json' }, { GITHUB_WORKSPACE: workspace });
    expect(configOf(reading())).toMatchObject({
      selection: { by: 'ids', from: 'manifest', ids: [A] },
      notes: ['1 older build of the manifest left out'],
    });
    write([build(B, 'first'), build(B, 'second'), build(A)]);
    expect(configOf(reading()).notes).toEqual(['2 older builds of the manifest left out']);
  });

  it('shows hostile text shortened', () => {
    write([build(`x${'y'.repeat(10_000)}`)]);
    const mistake = onlyMistake(read({ images: '', manifest: 'manifest.json' }, { GITHUB_WORKSPACE: workspace }));
    expect(mistake.input).toBe('manifest');
    expect(mistake.value).toMatch(/^manifest\.json; build 1: xy+…$/);
    expect(mistake.value?.length).toBeLessThan(200);
  });
});
