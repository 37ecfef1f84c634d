/**
 * Packer manifests, from the file to the accepted image.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { openWorld } from './world.ts';

const NOW = Math.floor(Date.now() / 1000);

const build = (run: string, artifact: unknown, fields: object = {}) => ({
  name: 'golden',
  builder_type: 'huaweicloud-ecs',
  build_time: run === 'run-1' ? NOW - 7200 : NOW - 60,
  files: null,
  artifact_id: artifact,
  packer_run_uuid: run,
  ...fields,
});

describe.concurrent('manifest', () => {
  it('takes every build of the last run and says how many older ones it left out', async () => {
    await using world = await openWorld();
    const [a, b, c, d, older] = world.shareMany(5);
    const builds = [
      build('run-1', older?.id),
      build('run-2', a?.id.toUpperCase()),
      build('run-1', 'ami-0123456789abcdef0'),
      build('run-2', `eu-de:${b?.id},eu-nl:${c?.id}`),
      build('run-2', ` ${d?.id} ; ${a?.id}`),
    ];
    const manifest = JSON.stringify({ builds, last_run_uuid: 'run-2' });
    const run = await runAction(
      { ...world.token(), manifest: 'out/packer-manifest.json' },
      { files: { 'out/packer-manifest.json': manifest } },
    );
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results.map(({ image }) => image)).toEqual([a?.id, b?.id, c?.id, d?.id]);
    expect(world.cloud.memberStatus(older ?? '', world.consumer)).toBe('pending');
    for (const text of [run.log, run.summary]) expect(text).toMatch(/\b2 older builds/);
    expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  it('warns of newer builds of another run and of an old last run, in log and summary', async () => {
    await using world = await openWorld();
    const [a, b] = world.shareMany(2);
    const old = { build_time: NOW - 3 * 24 * 3600 };
    const builds = [build('leg-1', a?.id, old), build('leg-2', b?.id, { name: 'debian' })];
    const files = { 'm.json': JSON.stringify({ builds, last_run_uuid: 'leg-1' }) };
    const run = await runAction({ ...world.token(), manifest: 'm.json' }, { files });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([a?.id]) });
    const warnings = run.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('1 build of another run is as new as the last run or newer');
    expect(warnings[0]).toContain('build 2 "debian" (huaweicloud-ecs)');
    expect(warnings[1]).toContain('its last run ended 3 days ago');
    for (const words of ['1 build of another run', '3 days ago']) expect(run.summary).toContain(words);
  });

  it('takes chosen builds of several manifests in UTF-16, and puts their digests into the run', async () => {
    await using world = await openWorld();
    const [a, b] = world.shareMany(2);
    const legs = [
      [build('leg-1', a?.id, { name: 'ubuntu' }), build('leg-1', 'ami-1', { name: 'aws', builder_type: 'amazon-ebs' })],
      [build('leg-2', b?.id, { name: 'debian' })],
    ];
    const workspace = mkdtempSync(join(tmpdir(), 'manifests-'));
    for (const [index, builds] of legs.entries()) {
      const text = JSON.stringify({ builds, last_run_uuid: `leg-${index + 1}` });
      writeFileSync(join(workspace, `${index}.json`), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    }
    const inputs = { ...world.token(), manifest: '0.json\n1.json\n', 'manifest-builds': 'ubuntu, debian' };
    const run = await runAction({ ...inputs, 'min-images': '2' }, { workspace });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([a?.id, b?.id]) });
    const more = await runAction({ ...inputs, 'min-images': '3' }, { workspace });
    expect(more.outputs['outcome']).toBe('blocked');
    expect(more.commands.find(({ name }) => name === 'error')?.message).toContain('Only 2 images are given');
    rmSync(workspace, { recursive: true });
  });

  it('names builds of another cloud, and the cure, before any request', async () => {
    await using world = await openWorld();
    const azure = { name: 'azure-base', builder_type: 'azure-arm' };
    const builds = [
      build('r', world.share().id),
      build('r', 'VM', { name: 'box' }),
      build('r', '/subscriptions/x', azure),
    ];
    const files = { 'm.json': JSON.stringify({ builds, last_run_uuid: 'r' }) };
    const run = await runAction({ ...world.token(), manifest: 'm.json' }, { files });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    const message = run.commands.find(({ name }) => name === 'error')?.message;
    expect(message).toContain('build 2 "box" (huaweicloud-ecs): VM; build 3 "azure-base" (azure-arm)');
    expect(message).toContain('manifest-builds: golden');
    expect(world.cloud.requests).toEqual([]);
  });

  it('reads one with a byte order mark and Windows line ends', async () => {
    await using world = await openWorld();
    const image = world.share();
    const manifest = `\uFEFF${JSON.stringify({ builds: [build('r', image.id)], last_run_uuid: 'r' }, null, 2)}`;
    const files = { 'packer-manifest.json': manifest.replaceAll('\n', '\r\n') };
    const run = await runAction({ ...world.token(), manifest: './packer-manifest.json' }, { files });
    expect(run.outputs['outcome']).toBe('success');
  });

  const wrong: [string, Record<string, string>, string, RegExp][] = [
    ['is missing', {}, 'm.json', /no such file/],
    ['is empty', { 'm.json': ' \n' }, 'm.json', /empty/],
    ['is malformed', { 'm.json': '{"builds": [' }, 'm.json', /not valid JSON/],
    ['is something else', { 'm.json': '{"version": 4}' }, 'm.json', /`builds`/],
    [
      'has no build of the last run',
      { 'm.json': JSON.stringify({ builds: [build('a', 'x')], last_run_uuid: 'b' }) },
      'm.json',
      /last run/,
    ], // prettier-ignore
    [
      'comes from another cloud',
      { 'm.json': JSON.stringify({ builds: [build('a', 'eu-central-1:ami-0123456789abcdef0')], last_run_uuid: 'a' }) },
      'm.json',
      /AMI/,
    ], // prettier-ignore
    ['lies outside the workspace', {}, '../../../../etc/passwd', /workspace/],
    ['lies outside the workspace by its full path', {}, '/etc/passwd', /workspace/],
    ['is a folder', { 'm.json/x': '' }, 'm.json', /not a file/],
  ];
  it.each(wrong)('that %s is a clear error before any request', async (_, files, manifest, words) => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), manifest }, { files });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', results: '[]' });
    const errors = run.commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain('manifest');
    expect(errors[0]?.message).toMatch(words);
    expect(run.log).not.toContain('root:x:0');
    expect(world.cloud.requests).toEqual([]);
    expect(run.code).toBe(1);
  });
});
