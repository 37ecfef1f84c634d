/**
 * Method AK/SK: every request is signed, the keys are proven by one question to IAM, and a refused signature is not repeated.
 */
import { describe, expect, it } from 'vitest';
import { accept, BLOCKED, credentials, doors, errorOf, openAuthWorld, refused, resultOf, SUCCESS } from './kit.ts';

const GONE = { respond: { status: 404, body: { error_code: 'APIG.0101', error_msg: 'The API does not exist.' } } };
const FOR_EVER = Number.POSITIVE_INFINITY;

describe.concurrent('method AK/SK', () => {
  it('signs every request and names the project in it', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'keys'));
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.cloud.requests.length).toBeGreaterThan(4);
    for (const { server, headers } of world.cloud.requests) {
      expect(headers['authorization']).toMatch(
        /^SDK-HMAC-SHA256 Access=\w+, SignedHeaders=[\w;-]+, Signature=[0-9a-f]{64}$/,
      );
      expect(headers['x-auth-token']).toBeUndefined();
      expect(headers['x-security-token']).toBeUndefined();
      if (server === 'ims') expect(headers['x-project-id']).toBe(world.consumer.id);
    }
  });

  it('sends the security token of temporary keys with every request', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'temporary keys'));
    expect(resultOf(run)).toEqual(SUCCESS);
    for (const { headers } of world.cloud.requests)
      expect(headers['x-security-token']).toBe(world.temporaryKeys.securityToken);
  });

  it.for([
    ['temporary keys without their security token', { 'security-token': undefined }],
    ['temporary keys with another security token', { 'security-token': 'another-security-token' }],
  ] as const)('sends %s once', async ([, wrong]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'temporary keys'), wrong);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.requests).toHaveLength(1);
    expect(world.temporaryKeys.failures).toBe(1);
  });

  it('sends a security token with permanent keys once', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'keys'), { 'security-token': 'superfluous-security-token' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.requests).toHaveLength(1);
  });

  it('sends a wrong secret once, however many projects and images', async () => {
    await using world = await openAuthWorld();
    const images = world.shareMany(3).map(({ id }) => id);
    const run = await accept(world, credentials(world, 'keys'), {
      'secret-key': 'wrong-wrong-wrong-wrong',
      project: 'eu-de_a eu-de_b eu-de_c eu-de_consumer',
      images: images.join(' '),
    });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.requests).toHaveLength(1);
    expect([world.keys.failures, world.keys.lockedUntil]).toEqual([1, 0]);
    expect(errorOf(run)).toContain('verify aksk signature fail');
  });

  it('does not lock the key if IAM cannot be asked about projects', async () => {
    await using world = await openAuthWorld();
    const images = world.shareMany(3).map(({ id }) => id);
    world.cloud.fault({ on: 'projects', times: FOR_EVER, do: GONE });
    const run = await accept(world, credentials(world, 'keys'), {
      'secret-key': 'wrong-wrong-wrong-wrong',
      images: images.join(' '),
    });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(refused(world)).toHaveLength(1);
    expect(world.keys.lockedUntil).toBe(0);
    expect(errorOf(run)).toContain('APIG.0301');
  });

  it.for([[403], [404]])('takes an ID as it is if IAM answers %i about projects', async ([status]) => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'projects', times: FOR_EVER, do: { respond: { ...GONE.respond, status: status ?? 0 } } });
    const images = world.shareMany(2).map(({ id }) => id);
    const run = await accept(world, credentials(world, 'keys'), { images: images.join(' ') });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('projects 1');
  });

  it('cannot resolve a name if IAM may not be asked', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'projects', times: FOR_EVER, do: { respond: { status: 403, body: {} } } });
    const run = await accept(world, credentials(world, 'keys'), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('eu-de_consumer');
    expect(errorOf(run)).toMatch(/ID/);
  });

  it('asks once about many projects, and signs for each', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    const second = world.cloud.addProject({ name: 'eu-de_second', domain: world.consumer.domain });
    world.user.projects.push(second);
    world.cloud.share(image, second);
    const project = `eu-de_consumer ${second.id}`;
    const run = await accept(world, credentials(world, 'keys'), { project, images: image.id });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('projects 1');
    const used = world.cloud.updateRequests().map(({ headers }) => headers['x-project-id']);
    expect(used.toSorted()).toEqual([world.consumer.id, second.id].toSorted());
  });

  it.for([
    ['behind', 20],
    ['ahead of', -20],
  ] as const)("names a clock that is %s the server's", async ([word, minutes]) => {
    await using world = await openAuthWorld({ clockSkewMs: minutes * 60_000 });
    const run = await accept(world, credentials(world, 'keys'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.requests).toHaveLength(1);
    expect(errorOf(run)).toContain(`The runner's clock is 20 minutes ${word} the server's`);
  });

  it('does not mention the clock if it is right', async () => {
    await using world = await openAuthWorld({ clockSkewMs: 60_000 });
    expect(resultOf(await accept(world, credentials(world, 'keys')))).toEqual(SUCCESS);
    const run = await accept(world, credentials(world, 'keys'), { 'secret-key': 'wrong-wrong-wrong-wrong' });
    expect(errorOf(run)).not.toContain('clock is');
  });

  it('signs every attempt anew', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'look', do: { respond: { status: 503, body: '', headers: { 'Retry-After': '1' } } } });
    const run = await accept(world, credentials(world, 'keys'));
    expect(resultOf(run)).toEqual(SUCCESS);
    const reads = world.cloud.requests.filter(({ phases }) => phases.includes('look'));
    expect(new Set(reads.map(({ headers }) => headers['authorization'])).size).toBe(reads.length);
    expect(new Set(reads.map(({ headers }) => headers['x-sdk-date'])).size).toBe(2);
  });

  it('has nothing to renew: a key that dies in mid-run ends it', async () => {
    await using world = await openAuthWorld();
    const dead = { respond: { status: 401, body: { error_code: 'APIG.0301', error_msg: 'AK is unknown' } } };
    world.cloud.fault({ on: ['job', 'prove'], times: FOR_EVER, do: dead });
    const run = await accept(world, credentials(world, 'temporary keys'));
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'true', code: 1 });
    expect(refused(world).length).toBeLessThan(5);
    expect(errorOf(run)).toContain('Temporary keys may have expired');
  });

  it('signs queries with characters that need encoding', async () => {
    await using world = await openAuthWorld();
    world.share({ name: 'golden-1' });
    const inputs = { 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    expect(resultOf(await accept(world, credentials(world, 'keys'), inputs))).toEqual(SUCCESS);
  });
});
