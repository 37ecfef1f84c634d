/**
 * Outputs: all of them in every run, consistent with each other and with what was asked for.
 */
import { describe, expect, it } from 'vitest';
import { type Finished, runAction } from './harness.ts';
import { openWorld } from './world.ts';

const NAMES = 'outcome verified images changed job-id job-ids updated unchanged failed results'.split(' ').toSorted();
const FIELDS = [
  'image',
  'name',
  'owner',
  'project',
  'previous',
  'current',
  'outcome',
  'verified',
  'imageStatus',
  'jobId',
  'errorCode',
  'message',
];

/** Every image is in exactly one of the three lists, each in input order. */
function expectPartition({ outputs }: Finished, given: readonly string[]): void {
  const lists = ['updated', 'unchanged', 'failed'].map((name) => JSON.parse(outputs[name] ?? '') as string[]);
  expect(lists.flat().toSorted()).toEqual([...given].toSorted());
  for (const list of lists) expect(list).toEqual(given.filter((id) => list.includes(id)));
}

describe.concurrent('outputs', () => {
  it('are a partition in input order, with one row per image', async () => {
    await using world = await openWorld();
    const images = [
      ...world.shareMany(3),
      world.share({}, 'accepted'),
      world.share(),
      world.share({}, 'accepted'),
      world.share(),
    ];
    world.cloud.failImage(images[1] ?? '', { code: 'IMG.0046' });
    world.cloud.failImage(images[6] ?? '', { code: 'IMG.0066', in: 'request' });
    const given = images.map(({ id }) => id).toReversed();
    const run = await runAction({ ...world.token(), images: given.join(',') });
    expect(Object.keys(run.outputs).toSorted()).toEqual(NAMES);
    expect(run.results.map(({ image }) => image)).toEqual(given);
    for (const row of run.results) expect(Object.keys(row)).toEqual(FIELDS);
    expectPartition(run, given);
    expect(run.outputs['outcome']).toBe('partial');
    expect(run.results.find(({ image }) => image === images[1]?.id)).toMatchObject({
      project: world.consumer.id,
      owner: world.producer.id,
      previous: 'pending',
      current: 'pending',
      errorCode: 'IMG.0046',
    });
    const jobs = JSON.parse(run.outputs['job-ids'] ?? '') as string[];
    for (const row of run.results.filter(({ outcome }) => outcome === 'updated')) expect(jobs).toContain(row.jobId);
  });

  it.each([
    ['an input error', { images: 'x', project: '' }],
    ['no images at all', {}],
    ['a wrong token', { images: '0b680482-acaa-4045-b14c-9a8c7dfe9c70', token: 'garbage' }],
    [
      'a service that cannot be reached',
      { images: '0b680482-acaa-4045-b14c-9a8c7dfe9c70', 'auth-url': 'http://127.0.0.1:9', retries: '0' },
    ],
  ])('are all set after %s', async (_, inputs) => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), ...inputs });
    expect(Object.keys(run.outputs).toSorted()).toEqual(NAMES);
    expect(run.outputs).toMatchObject({
      outcome: 'blocked',
      changed: 'false',
      'job-id': '',
      'job-ids': '[]',
      updated: '[]',
    });
    expect(run.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    expect(run.summary).not.toBe('');
    expect(run.code).toBe(1);
  });

  it('are the same for the example of the documentation', async () => {
    await using world = await openWorld();
    const vault = world.cloud.addVault({ id: 'd14r5tef-1bc3-4c4f-823e-3e471rg65e65', project: world.consumer });
    const given = ['d164b5df-1bc3-4c3f-893e-3e471fd16e64', '0b680482-acaa-4045-b14c-9a8c7dfe9c70'];
    for (const id of given) world.share({ id, fullEcs: true });
    const run = await runAction({ ...world.token(), images: given.join('\n'), vault: vault.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify(given) });
    expect(world.cloud.updateRequests().map(({ body }) => body)).toEqual([
      { images: given, project_id: 'edc89b490d7d4392898e19b2deb34797', status: 'accepted', vault_id: vault.id },
    ]);
    expect(world.cloud.violations).toEqual([]);
  });

  it('speak of images in lower case, whatever was given', async () => {
    await using world = await openWorld();
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id.toUpperCase() });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([image.id]) });
    expect(world.cloud.violations).toEqual([]);
  });

  it('that cannot be written fail the step with an error, and close the gate', async () => {
    await using world = await openWorld();
    const run = await runAction(
      {
        ...world.token(),
        images: world.share().id,
        'commit-status': 'images',
        'github-token': world.cloud.github.token,
      },
      { env: { GITHUB_API_URL: world.cloud.githubUrl, GITHUB_OUTPUT: '/nowhere/output' } },
    );
    expect(run.code).toBe(1);
    expect(run.commands.filter(({ name }) => name === 'error').map(({ properties }) => properties['title'])).toEqual([
      'The outputs could not be written',
    ]);
    expect(run.summary).toContain('1 of 1 image accepted');
    expect(world.cloud.statuses.map(({ state }) => state)).toEqual(['pending', 'failure']);
  });

  it('are not written outside a runner, and one line in the log says so', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id }, { env: { GITHUB_OUTPUT: undefined } });
    expect(run.code).toBe(0);
    expect(run.log.match(/GITHUB_OUTPUT/g)).toHaveLength(1);
  });

  it('count 3,000 images in UTF-16, and name every one of them', async () => {
    await using world = await openWorld();
    world.shareMany(3000, 'accepted');
    const inputs = { 'match-name': 'golden-*', 'trusted-owners': world.producer.id, summary: 'false' };
    const run = await runAction({ ...world.token(), ...inputs });
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true', images: '[]' });
    expect(run.results).toHaveLength(3000);
    const units = Object.entries(run.outputs).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    expect(2 * units).toBeLessThan(1024 * 1024);
    const warnings = run.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining('`images` is an empty array')]);
  });
});
