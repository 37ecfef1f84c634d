/**
 * Method password: one login per project, a refused one exactly once.
 */
import { describe, expect, it } from 'vitest';
import { errorAnswer, type FaultAction } from '../../../mock-cloud/index.ts';
import { at } from '../../../mock-cloud/rules.ts';
import { accept, BLOCKED, count, credentials, doors, errorOf, openAuthWorld, resultOf, SUCCESS } from './kit.ts';

describe.concurrent('method password', () => {
  it('asks for a token of the project, by name with its domain', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'password'), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
    expect(at(world.cloud.requests[0]?.body, 'auth', 'scope')).toEqual({
      project: { name: 'eu-de_consumer', domain: { name: 'consumer-account' } },
    });
  });

  it('is refused once if the refusal itself cannot be read', async () => {
    await using world = await openAuthWorld();
    const refusal = { status: 401, body: 'no gzip', headers: { 'content-encoding': 'gzip' } };
    world.cloud.fault({ on: 'login', times: Number.POSITIVE_INFINITY, do: { respond: refusal } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.requests.map(({ path }) => path)).toEqual(['/v3/auth/tokens']);
    expect(errorOf(run)).toContain('HTTP 401');
  });

  it.for([
    ['a wrong password', { password: 'Wrong-Password-1' }],
    ['an unknown user', { username: 'nobody' }],
    ['an unknown domain', { domain: 'nowhere' }],
  ] as const)('sends %s exactly once, also for many projects', async ([, wrong]) => {
    await using world = await openAuthWorld();
    const projects = Array.from({ length: 12 }, (_, number) => `eu-de_team${number}`);
    const run = await accept(world, credentials(world, 'password'), { project: projects.join(' '), ...wrong });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 1');
    expect(errorOf(run)).toContain('IAM.0062');
    expect(world.user.failures).toBeLessThanOrEqual(1);
    expect(run.results).toHaveLength(12);
  });

  it('sends a login of a locked user exactly once, in either shape of the answer', async () => {
    await using world = await openAuthWorld({ loginErrors: 'keystone' });
    world.user.lockedUntil = Number.POSITIVE_INFINITY;
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 1');
    expect(errorOf(run)).toContain('The account is locked');
  });

  it('passes on IAM’s message about a user with a second factor', async () => {
    await using world = await openAuthWorld();
    world.user.mfa = true;
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 1');
    expect(errorOf(run)).toContain('totp');
  });

  it('serves many projects with one login each', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    const others = Array.from({ length: 5 }, (_, number) => {
      const project = world.cloud.addProject({ name: `eu-de_team${number}`, domain: world.consumer.domain });
      world.user.projects.push(project);
      world.cloud.share(image, project);
      return project;
    });
    const given = [world.consumer, ...others];
    const run = await accept(world, credentials(world, 'password'), {
      project: given.map(({ name }) => name).join(','),
      images: image.id,
    });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results.map(({ project }) => project)).toEqual(given.map(({ id }) => id));
    expect(doors(world)).toBe('login 6');
  });

  it('names the project whose login is refused, and begins no further ones', async () => {
    await using world = await openAuthWorld();
    const strangers = Array.from({ length: 12 }, (_, number) => `eu-de_stranger${number}`);
    const run = await accept(world, credentials(world, 'password'), {
      project: ['eu-de_consumer', ...strangers].join(' '),
    });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(/Project eu-de_stranger\d+: .*HTTP 401/);
    expect(count(world, 'login')).toBeLessThanOrEqual(5);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('repeats a login only if IAM did not answer it', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'login', do: 'resetAfter' });
    world.cloud.fault({ on: 'login', do: { respond: { status: 503, body: '', headers: { 'Retry-After': '0' } } } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe('login 3');
  });

  it.for<[string, NonNullable<FaultAction['respond']>, string, RegExp]>([
    ['no token', { status: 201, body: { token: {} } }, 'no usable answer from', /X-Subject-Token.*auth-url/s],
    [
      'a page',
      { status: 200, contentType: 'text/html', body: '<html>Log in</html>' },
      'no usable answer from',
      /X-Subject-Token/,
    ],
    ['410 Gone', { status: 410, body: '' }, 'does not offer this login (HTTP 410)', /HTTP 410/],
    ['410 of IAM', { status: 410, body: { error_code: 'IAM.0020', error_msg: 'x' } }, 'login failed', /IAM\.0020/],
    ['404 of a gateway', errorAnswer('flat', 404, 'APIG.0101', 'x'), 'does not offer this login', /`auth-url`/],
    ['400 of IAM', { status: 400, body: { error_code: 'IAM.0006', error_msg: 'x' } }, 'login failed', /IAM\.0006/],
  ])('is not repeated after an answer without a token: %s', async ([, respond, title, words]) => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'login', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 1');
    expect(run.commands.find(({ name }) => name === 'error')?.properties['title']).toContain(title);
    expect(errorOf(run)).toMatch(words);
    expect(errorOf(run)).not.toContain('MFA');
  });

  it('is repeated while IAM is out of order, which is no refusal', async () => {
    await using world = await openAuthWorld();
    const respond = { status: 500, body: '', headers: { 'Retry-After': '0' } };
    world.cloud.fault({ on: 'login', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await accept(world, credentials(world, 'password'), { retries: '2' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 3');
    const error = run.commands.find(({ name }) => name === 'error');
    expect(error?.properties['title']).toContain('login failed (HTTP 500)');
  });

  it.for([
    ['a token without a project', { project: null }],
    ['a token of another project', { project: { id: 'f'.repeat(32), name: 'eu-de_other' } }],
  ] as const)('does not believe %s', async ([, body]) => {
    await using world = await openAuthWorld();
    const token = world.cloud.issueToken({ user: world.operator.user });
    const respond = { status: 201, headers: { 'X-Subject-Token': token }, body: { token: body } };
    world.cloud.fault({ on: 'login', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(/The credentials are for project/);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('shows no password that needs encoding, wherever it is echoed', async () => {
    await using world = await openAuthWorld();
    world.user.password = `pä"ss\\w%rd+/=& <x>'`;
    const echo = JSON.stringify({ error: { message: `no: ${world.user.password}`, code: 401 } });
    world.cloud.fault({ on: 'login', do: { respond: { status: 401, body: echo, contentType: 'application/json' } } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('no: ***');
    expect(doors(world)).toBe('login 1');
  });
});
