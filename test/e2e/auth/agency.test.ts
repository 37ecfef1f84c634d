/**
 * An agency on top of every method: the member project is then the other account's.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../../../mock-cloud/rules.ts';
import {
  type AuthWorld,
  accept,
  agencyCredentials,
  BASES,
  BLOCKED,
  count,
  doors,
  errorOf,
  openAuthWorld,
  resultOf,
  SUCCESS,
} from './kit.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const assumptions = ({ cloud }: AuthWorld) =>
  cloud.requests.filter(({ body }) => at(body, 'auth', 'identity', 'assume_role') !== undefined);
const fieldsOf = (world: AuthWorld) =>
  assumptions(world).map(({ body }) => Object.keys(Object(at(body, 'auth', 'identity', 'assume_role'))).toSorted());

describe.concurrent.each(BASES)('an agency over %s', (base) => {
  it.for(['xrole_name', 'agency_name', 'both'] as const)('on a cloud that says %s', async (agencyField) => {
    await using world = await openAuthWorld({ agencyField });
    const run = await accept(world, agencyCredentials(world, base));
    expect(resultOf(run)).toEqual(SUCCESS);
    const tried = agencyField === 'agency_name' ? ['xrole_name', 'agency_name'] : ['xrole_name'];
    expect(fieldsOf(world)).toEqual(tried.map((field) => ['domain_name', field].toSorted()));
    const principals = world.cloud.requests.filter(({ server }) => server === 'ims').map(({ principal }) => principal);
    expect(new Set(principals)).toEqual(new Set(['image-receiver in eu-de_consumer by token']));
  });

  it('takes the project by name, in the domain of the agency', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, agencyCredentials(world, base), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(at(assumptions(world)[0]?.body, 'auth', 'scope')).toEqual({
      project: { name: 'eu-de_consumer', domain: { name: 'consumer-account' } },
    });
  });

  it('serves many projects with one base login', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    const names = ['eu-de_b', 'eu-de_c', 'eu-de_d'];
    const projects = [
      world.consumer,
      ...names.map((name) => world.cloud.addProject({ name, domain: world.consumer.domain })),
    ];
    for (const project of projects.slice(1)) world.cloud.share(image, project);
    world.cloud.addAgency({
      name: 'for-all',
      domain: world.consumer.domain,
      trustedDomain: world.operator.project.domain,
      projects,
    });
    const run = await accept(world, agencyCredentials(world, base), {
      'agency-name': 'for-all',
      project: projects.map(({ name }) => name).join('\n'),
      images: image.id,
    });
    expect(resultOf(run)).toEqual(SUCCESS);
    const expected = {
      token: 'login 4',
      password: 'login 5',
      keys: 'login 4, projects 1',
      oidc: 'id-token 1, login 5',
    };
    expect(doors(world)).toBe(expected[base]);
  });

  it.for([
    ['an unknown agency', { 'agency-name': 'unknown' }, 404],
    ['an unknown account', { 'agency-domain': 'unknown' }, 404],
  ] as const)('sends %s once', async ([, inputs, status]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, agencyCredentials(world, base), inputs);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(assumptions(world).map((request) => request.status)).toEqual([status]);
    expect(errorOf(run)).toMatch(/agency/i);
  });
});

describe.concurrent('an agency', () => {
  it('is called agency_name first in a region of Huawei Cloud', async () => {
    await using world = await openAuthWorld({ agencyField: 'agency_name' });
    const run = await accept(world, agencyCredentials(world, 'password'), { region: 'ap-southeast-1' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(fieldsOf(world)).toEqual([['agency_name', 'domain_name']]);
  });

  it('is called xrole_name first if the cloud is not known', async () => {
    await using world = await openAuthWorld({ agencyField: 'agency_name' });
    const run = await accept(world, agencyCredentials(world, 'password'), { region: 'moon-1' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(fieldsOf(world)).toHaveLength(2);
  });

  it('that does not trust the account is refused once', async () => {
    await using world = await openAuthWorld();
    world.cloud.addAgency({
      name: 'for-others',
      domain: world.consumer.domain,
      trustedDomain: world.stranger.domain,
      projects: [world.consumer],
    });
    const run = await accept(world, agencyCredentials(world, 'password'), { 'agency-name': 'for-others' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(assumptions(world).map(({ status }) => status)).toEqual([403]);
    expect(errorOf(run)).toContain('does not trust this account');
  });

  it('needs the role Agent Operator, and the error says so', async () => {
    await using world = await openAuthWorld();
    world.operator.user.mayAssumeAgencies = false;
    const run = await accept(world, agencyCredentials(world, 'keys'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('Agent Operator');
    expect(assumptions(world)).toHaveLength(1);
  });

  it('needs a project, because the base has its own in another account', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, agencyCredentials(world, 'token'), { project: undefined });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('a project of the account that created the agency');
    expect(world.cloud.requests).toEqual([]);
  });

  it.for([['agency-name'], ['agency-domain']])('needs more than half of it: without %s', async ([missing = '']) => {
    await using world = await openAuthWorld();
    const run = await accept(world, agencyCredentials(world, 'password'), { [missing]: undefined });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(`give \`${missing}\` too`);
    expect(world.cloud.requests).toEqual([]);
  });

  it('ends with its base token if that cannot be renewed', async () => {
    await using world = await openAuthWorld();
    world.cloud.expireTokensAfter(3);
    const run = await accept(world, agencyCredentials(world, 'token'));
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'true', code: 1 });
    expect(count(world, 'login')).toBe(2);
    expect(errorOf(run)).toContain('The token died in mid-run, and logging in again failed');
  });

  it('that was withdrawn in mid-run is not taken for a missing permission to read', async () => {
    await using world = await openAuthWorld();
    const dead = { respond: { status: 401, body: { error_code: 'APIG.0307', error_msg: 'updated' } } };
    world.cloud.fault({ on: ['job', 'prove'], times: FOR_EVER, do: dead });
    world.cloud.fault({
      on: 'login',
      after: 2,
      times: FOR_EVER,
      do: { respond: { status: 403, body: { error: { code: 403, message: 'withdrawn' } } } },
    });
    const run = await accept(world, agencyCredentials(world, 'password'));
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'true', code: 1 });
    expect(count(world, 'login')).toBe(3);
    expect(errorOf(run)).toContain('withdrawn');
    expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });
});
