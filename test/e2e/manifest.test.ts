/**
 * Packer manifests, from the file to the accepted image.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { openWorld } from './world.ts';

const build = (run: string, artifact: unknown) => ({
  name: 'golden',
  builder_type: 'huaweicloud-ecs',
  build_time: 1_790_000_000,
  files: null,
  artifact_id: artifact,
  packer_run_uuid: run,
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
    for (const text of [run.log, run.summary]) expect(text).toMatch(/\b2 (older|builds)/);
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
