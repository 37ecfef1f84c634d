/**
 * Text of strangers in every place that the action prints: it stays text.
 */
import { describe, expect, it } from 'vitest';
import { errorAnswer, type FaultRule } from '../../../mock-cloud/index.ts';
import { type Finished, runAction } from '../harness.ts';
import { ids, openWorld, type World } from '../world.ts';
import { HOSTILE } from './hostile.ts';
import { requireMeantMarkup } from './markup.ts';

const ALL = Number.POSITIVE_INFINITY;
/** The commands that this action means, in the order of a failed run; a mask for each spelling of each secret. */
const MEANT = /^(add-mask |debug |group |endgroup |warning )*(error )?$/;

function requireHarmless(run: Finished): void {
  const names = run.commands.map(({ name }) => name);
  expect(names.map((name) => `${name} `).join('')).toMatch(MEANT);
  expect(names.filter((name) => name === 'error')).toHaveLength(run.code === 0 ? 0 : 1);
  for (const { name, message, properties } of run.commands) {
    if (name === 'add-mask') continue;
    expect(Object.keys(properties).filter((key) => key !== 'title')).toEqual([]);
    // Line feeds separate sentences of ours; everything else that cannot be seen is spelt out.
    expect(message).not.toMatch(/[^\P{C}\n]|[\u0085\u2028\u2029]/u);
  }
  const [first, ...lines] = run.log.split('\n').filter((line) => !line.startsWith('::'));
  expect(first).toMatch(/^ims-members-action \d+\.\d+\.\d+$/);
  for (const line of lines) expect(line).toMatch(/^( *\d+\.\d\ds {2}[^\p{C}\u2028\u2029]*)?$/u);
  expect(Object.keys(run.outputs).toSorted()).toEqual([
    'changed',
    'failed',
    'images',
    'job-id',
    'job-ids',
    'outcome',
    'results',
    'unchanged',
    'updated',
    'verified',
  ]);
  // A step that prints an output must not execute what strangers wrote.
  expect(run.outputs['results']).not.toMatch(/::|##\[|[\p{Cc}\u2028\u2029]/u);
  requireMeantMarkup(run.summary);
}

async function runIn(world: World, more: Record<string, string> = {}): Promise<Finished> {
  const run = await runAction(
    {
      ...world.token(),
      retries: '0',
      'commit-status': 'images',
      'github-token': world.cloud.github.token,
      'results-file': 'receipt.json',
      ...more,
    },
    { env: { GITHUB_API_URL: world.cloud.githubUrl, RUNNER_DEBUG: '1' } },
  );
  requireHarmless(run);
  for (const { description } of world.cloud.statuses) {
    expect(description?.length).toBeLessThanOrEqual(140);
    expect(description).not.toMatch(/[\p{C}\u2028\u2029]|[\u{10000}-\u{10ffff}]/u);
  }
  expect(world.cloud.violations).toEqual([]);
  return run;
}

describe.concurrent('hostile text', () => {
  it('in image names, all accepted', async () => {
    await using world = await openWorld();
    const images = HOSTILE.map((name) => world.share({ name }));
    const run = await runIn(world, { images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    const names = new Map(run.results.map(({ image, name }) => [image, name]));
    // The output hands the name on as it was given, as JSON; only what is no text at all is replaced, and length is limited.
    for (const [index, image] of images.entries())
      if ((HOSTILE[index] ?? '').length < 5000) expect(names.get(image.id)).toBe(HOSTILE[index]?.toWellFormed());
  });

  it('in names of images that are not accepted, and in names left out', async () => {
    await using world = await openWorld();
    const images = HOSTILE.map((name) => world.share({ name, owner: world.stranger }));
    const blocked = await runIn(world, { images: ids(images), 'trusted-owners': world.producer.id });
    expect(blocked.outputs['outcome']).toBe('blocked');
    const leftOut = await runIn(world, { 'match-name': '*', 'if-none': 'pass', 'trusted-owners': world.producer.id });
    expect(leftOut.outputs['outcome']).toBe('success');
  });

  it('in reasons of failed jobs', async () => {
    await using world = await openWorld({ job: { reason: 'fail_reason' } });
    const images = HOSTILE.map((message) => {
      const image = world.share();
      world.cloud.failImage(image, { code: 'IMG.0046', message, in: 'job' });
      return image;
    });
    const run = await runIn(world, { images: ids(images) });
    expect(run.outputs['outcome']).toBe('failure');
  });

  it('in messages of refused changes, one image each', async () => {
    await using world = await openWorld();
    const images = HOSTILE.slice(0, 12).map((message) => {
      const image = world.share({ name: message });
      world.cloud.failImage(image, { code: 'IMG.0046', message, in: 'request', naming: false });
      return image;
    });
    const run = await runIn(world, { images: ids(images) });
    expect(run.outputs['outcome']).toBe('failure');
  });

  it('in the name of the project', async () => {
    await using world = await openWorld();
    const { cloud } = world;
    const name = `eu-de_${HOSTILE.filter((text) => text.length < 200).join(' ')}`;
    const project = cloud.addProject({ name, domain: world.user.domain });
    world.user.projects.push(project);
    const image = world.share();
    cloud.share(image, project);
    const token = cloud.issueToken({ user: world.user, project });
    const run = await runIn(world, { images: image.id, token, project: project.id });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('in IDs: owner, job, request', async () => {
    await using world = await openWorld();
    const nasty = '\n::error::forged\u2028##[error]<b>|@octocat';
    const image = world.share({ extra: { owner: nasty } });
    world.cloud.fault({ on: 'update', do: { respond: { status: 200, body: { job_id: nasty } }, process: true } });
    world.cloud.fault({
      on: 'any',
      times: ALL,
      do: { headers: { 'X-Request-Id': '::error::x ##[error]<b>|@octocat' } },
    });
    const run = await runIn(world, { images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', 'job-id': nasty });
  });

  const shapes = ['nested', 'flat', 'keystone', 'native', 'openstack', 'html', 'xml'] as const;
  it.for(
    shapes.flatMap((shape) => (['introspect', 'look', 'update', 'prove'] as const).map((on) => [shape, on] as const)),
  )('in error messages, %s, of %s', async ([shape, on]) => {
    await using world = await openWorld();
    const image = world.share();
    const message = HOSTILE.filter((text) => text.length < 100).join(' ');
    const rule: FaultRule = { on, times: ALL, do: { respond: errorAnswer(shape, 400, 'IMG.0030', message) } };
    world.cloud.fault(rule);
    const run = await runIn(world, { images: image.id });
    expect(['blocked', 'failure']).toContain(run.outputs['outcome']);
  });
});
