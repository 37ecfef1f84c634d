/**
 * Projects by name: resolved to IDs by every method, and refused if the name fits more than one.
 */
import { describe, expect, it } from 'vitest';
import { accept, BLOCKED, credentials, errorOf, METHODS, openAuthWorld, resultOf, SUCCESS } from './kit.ts';

describe.concurrent('a project by name', () => {
  it.for(METHODS.map((method) => [method] as const))('is found by %s', async ([method]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, method), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
    expect(world.cloud.updateRequests(world.consumer)).toHaveLength(1);
    // Only administrators may read the full list of projects, so the action does not need it.
    expect(world.cloud.requests.filter(({ path }) => path === '/v3/projects')).toEqual([]);
  });

  it.for(METHODS.map((method) => [method] as const))('that does not exist stops %s', async ([method]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, method), { project: 'eu-de_consumers' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it.for([
    ['keys', {}],
    ['oidc', { idTokenExchange: false }],
  ] as const)('that fits several is refused: %s', async ([method, options]) => {
    await using world = await openAuthWorld(options);
    const twin = world.cloud.addProject({ name: 'eu-de_consumer', domain: world.operator.project.domain });
    world.user.projects.push(twin);
    world.provider.projects.push(twin);
    const run = await accept(world, credentials(world, method), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(`fits 2 projects: ${world.consumer.id}, ${twin.id}`);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('that fits several can still be given by ID', async () => {
    await using world = await openAuthWorld();
    world.user.projects.push(world.cloud.addProject({ name: 'eu-de_consumer', domain: world.operator.project.domain }));
    expect(resultOf(await accept(world, credentials(world, 'keys')))).toEqual(SUCCESS);
  });

  it('and by ID is the same project, not two', async () => {
    await using world = await openAuthWorld();
    const project = `eu-de_consumer ${world.consumer.id}`;
    const run = await accept(world, credentials(world, 'keys'), { project });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('names the same project twice');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('that is disabled is refused', async () => {
    await using world = await openAuthWorld();
    world.consumer.enabled = false;
    const run = await accept(world, credentials(world, 'password'), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('The project is disabled');
  });
});
