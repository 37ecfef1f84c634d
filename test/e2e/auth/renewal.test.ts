/**
 * Tokens that die in mid-run: renewed once per project, and never more.
 */
import { describe, expect, it } from 'vitest';
import {
  type AuthWorld,
  accept,
  agencyCredentials,
  count,
  credentials,
  DEAD,
  doors,
  errorOf,
  openAuthWorld,
  refused,
  resultOf,
  SUCCESS,
} from './kit.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const WAYS = [
  ['password', (world: AuthWorld) => credentials(world, 'password')],
  ['oidc', (world: AuthWorld) => credentials(world, 'oidc')],
  ['agency over password', (world: AuthWorld) => agencyCredentials(world, 'password')],
  ['agency over keys', (world: AuthWorld) => agencyCredentials(world, 'keys')],
  ['agency over oidc', (world: AuthWorld) => agencyCredentials(world, 'oidc')],
] as const;

/** A project of the consumer's account for each name, all members of one image, with the user in each. */
function many(world: AuthWorld, names: readonly string[]): { project: string; images: string } {
  const image = world.share();
  for (const name of names) {
    const project = world.cloud.addProject({ name, domain: world.consumer.domain });
    world.user.projects.push(project);
    world.cloud.share(image, project);
  }
  return { project: ['eu-de_consumer', ...names].join(' '), images: image.id };
}

describe.concurrent.each(WAYS)('a token by %s', (_, enter) => {
  it.for([
    ['the change', 2],
    ['the job', 3],
    ['the proof', 4],
  ] as const)('that dies before %s is renewed, and the run goes on', async ([, requests]) => {
    await using world = await openAuthWorld();
    const given = enter(world);
    const before = await accept(world, given);
    expect(resultOf(before)).toEqual(SUCCESS);
    const logins = count(world, 'login');
    world.cloud.newRun();
    world.cloud.expireTokensAfter(requests);
    const run = await accept(world, given);
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(count(world, 'login')).toBe(2 * logins);
    expect(run.log.match(/The token had expired: logged in again/g)).toHaveLength(1);
    // The refused change had no effect; the one after it had.
    expect(world.cloud.updateRequests().map(({ status }) => status)).toEqual(requests === 2 ? [401, 200] : [200]);
  });

  it('that IMS refuses right after the login is replaced once, not more', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: { server: 'ims' }, times: FOR_EVER, do: DEAD });
    const given = enter(world);
    const run = await accept(world, given);
    expect(resultOf(run)).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(errorOf(run)).toContain('A fresh token was refused as well');
    expect(run.log.match(/The token had expired: logged in again/g)).toHaveLength(1);
    // Two reads side by side, each sent again with the fresh token.
    expect(world.cloud.requests.filter(({ server }) => server === 'ims')).toHaveLength(4);
  });
});

describe.concurrent('renewal', () => {
  it('is shared by requests that are refused side by side', async () => {
    await using world = await openAuthWorld();
    const images = world.shareMany(3).map(({ id }) => id);
    // Tied to the token and not to a number of requests: a renewed one may be back before the last of the three is sent.
    world.cloud.expireTokensAfter(0);
    const run = await accept(world, credentials(world, 'password'), { images: images.join(' ') });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('login 2');
    // The lists of pending and accepted images, and of full-ECS images.
    expect(refused(world)).toHaveLength(3);
  });

  it('happens once for each of many projects', async () => {
    await using world = await openAuthWorld();
    const inputs = many(world, ['eu-de_b', 'eu-de_c', 'eu-de_d']);
    world.cloud.expireTokensAfter(4);
    const run = await accept(world, credentials(world, 'password'), inputs);
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('login 8');
  });

  it('that is refused is sent once for all projects, and no user is locked', async () => {
    await using world = await openAuthWorld();
    const inputs = many(world, ['eu-de_b', 'eu-de_c', 'eu-de_d', 'eu-de_e', 'eu-de_f']);
    const given = credentials(world, 'password');
    world.cloud.fault({ on: 'update', times: FOR_EVER, do: DEAD });
    // The password is changed behind the run's back, after its six logins.
    const refusal = { status: 401, body: { error_code: 'IAM.0062', error_msg: 'Incorrect username or password.' } };
    world.cloud.fault({ on: 'login', after: 6, times: FOR_EVER, do: { respond: refusal } });
    const run = await accept(world, given, inputs);
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'false', code: 1 });
    expect(doors(world)).toBe('login 7');
    expect(errorOf(run)).toContain('The token died in mid-run, and logging in again failed');
    expect(errorOf(run)).toContain('IAM.0062');
  });

  it('to a token of another project is not believed', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'update', do: DEAD });
    const token = world.cloud.issueToken({ user: world.operator.user });
    const body = { token: { project: { id: world.operator.project.id, name: 'eu-de_operator' } } };
    world.cloud.fault({
      on: 'login',
      after: 1,
      do: { respond: { status: 201, headers: { 'X-Subject-Token': token }, body } },
    });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'false', code: 1 });
    expect(errorOf(run)).toContain('The credentials are for project eu-de_operator');
    expect(
      world.cloud.requests.filter(({ server, headers }) => server === 'ims' && headers['x-auth-token'] === token),
    ).toEqual([]);
  });

  it('that only comes late is waited for', async () => {
    await using world = await openAuthWorld();
    world.cloud.expireTokensAfter(1);
    world.cloud.fault({
      on: 'login',
      after: 1,
      do: { respond: { status: 503, body: '', headers: { 'Retry-After': '0' } } },
    });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('login 3');
  });

  it('that fails after the change leaves the change unproven, not unsent', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    world.cloud.expireTokensAfter(3);
    const refusal = { status: 404, body: { error: { code: 404, message: 'gone' } } };
    world.cloud.fault({ on: 'login', after: 1, times: FOR_EVER, do: { respond: refusal } });
    const run = await accept(world, credentials(world, 'password'), { images: image.id });
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'true', code: 1 });
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([['unknown', false]]);
    expect(world.cloud.memberStatus(image, world.consumer)).toBe('accepted');
    expect(doors(world)).toBe('login 2');
  });
});
