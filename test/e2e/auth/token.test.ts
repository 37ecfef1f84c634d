/**
 * Method token: one question to IAM tells what the token is for, and nothing is believed before.
 */
import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../mock-cloud/index.ts';
import { accept, BLOCKED, credentials, doors, errorOf, openAuthWorld, refused, resultOf, SUCCESS } from './kit.ts';

describe.concurrent('method token', () => {
  it("takes the token's own project if none is given", async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'token'), { project: undefined });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
    expect(doors(world)).toBe('introspect 1');
  });

  it.for([['eu-de_consumer'], ['EDC89B49-0D7D-4392-898E-19B2DEB34797'.replaceAll('-', '')]])(
    'knows its project as %s',
    async ([project = '']) => {
      await using world = await openAuthWorld();
      const run = await accept(world, credentials(world, 'token'), { project });
      expect(resultOf(run)).toEqual(SUCCESS);
      expect(run.results[0]?.project).toBe(world.consumer.id);
    },
  );

  it.for([[undefined], ['edc89b490d7d4392898e19b2deb34797']])(
    'refuses an unscoped token with project %s',
    async ([project]) => {
      await using world = await openAuthWorld();
      // Without a scope, the service shows strangers' images: they must not be believed.
      const image = world.share();
      const token = world.cloud.issueToken({ user: world.user, project: null });
      const run = await accept(world, { inputs: { token } }, { project, images: image.id });
      expect(resultOf(run)).toEqual(BLOCKED);
      expect(errorOf(run)).toContain('not scoped to a project');
      expect(run.results.map(({ previous, name, verified }) => [previous, name, verified])).toEqual([
        [null, null, false],
      ]);
      expect(world.cloud.updateRequests()).toEqual([]);
    },
  );

  it('uses no answer that a token of another project has read', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    world.cloud.share(image, world.operator.project, 'accepted');
    const token = world.cloud.issueToken({ user: world.operator.user });
    const run = await accept(world, { inputs: { token } }, { images: image.id });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(`The credentials are for project eu-de_operator (${world.operator.project.id})`);
    expect(run.results.map(({ previous, current, outcome }) => [previous, current, outcome])).toEqual([
      [null, null, 'blocked'],
    ]);
  });

  it('says what an expired token is, and asks no more than it must', async () => {
    await using world = await openAuthWorld();
    const token = world.cloud.issueToken({ user: world.user });
    world.cloud.expireTokens();
    const run = await accept(world, { inputs: { token } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(/HTTP 401/);
    // The question to IAM and the first two reads, side by side.
    expect(refused(world).length).toBeLessThanOrEqual(3);
  });

  it('stops if it expires after the change, and reports what is known', async () => {
    await using world = await openAuthWorld();
    world.cloud.expireTokensAfter(3);
    const run = await accept(world, credentials(world, 'token'));
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'true', code: 1 });
    expect(run.outputs['job-id']).toMatch(/^[0-9a-f]+$/);
    expect(run.results.map(({ outcome, current }) => [outcome, current])).toEqual([['unknown', null]]);
    expect(errorOf(run)).toContain('method token cannot renew it: obtain a fresh one');
    expect(run.summary).toContain(run.outputs['job-id'] ?? '-');
  });

  it('does not take a missing call at IAM for an answer of the image service', async () => {
    await using world = await openAuthWorld();
    const respond = errorAnswer('flat', 404, 'APIG.0101', 'The API does not exist');
    world.cloud.fault({ on: 'introspect', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await accept(world, credentials(world, 'token'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(/does not offer the call.*`auth-url`/s);
    expect(errorOf(run)).not.toMatch(/plain OpenStack|has expired|credentials came from/);
  });

  it('refuses several projects before anything is sent', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'token'), { project: 'eu-de_a eu-de_b' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('a token belongs to a single one');
    expect(world.cloud.requests).toEqual([]);
  });

  it('refuses a damaged token before anything is sent, without showing it', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: { token: 'MIIF-first-half-of-it\nsecond-half-of-the-token' } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('without white space');
    expect(errorOf(run)).not.toContain('second-half');
    expect(world.cloud.requests).toEqual([]);
  });
});
