/**
 * Tokens grow with the user's roles and with the catalog, far beyond the 16 KB that Node allows by default.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../../../mock-cloud/rules.ts';
import {
  accept,
  agencyCredentials,
  BLOCKED,
  credentials,
  doors,
  errorOf,
  openAuthWorld,
  resultOf,
  SUCCESS,
} from './kit.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const METHODS = ['password', 'oidc', 'agency'] as const;

describe.concurrent('a long token', () => {
  for (const method of METHODS) {
    it.for([16_184, 40_000, 131_072])(`of %i characters is used by method ${method}`, async (tokenLength) => {
      await using world = await openAuthWorld({ tokenLength });
      const given = method === 'agency' ? agencyCredentials(world, 'password') : credentials(world, method);
      expect(resultOf(await accept(world, given))).toEqual(SUCCESS);
    });
  }

  it('is introspected by method token, also if the answer repeats it', async () => {
    await using world = await openAuthWorld({ tokenLength: 100_000 });
    const given = credentials(world, 'token');
    const echo = { headers: { 'X-Subject-Token': given.inputs['token'] ?? '' } };
    world.cloud.fault({ on: 'introspect', do: echo });
    expect(resultOf(await accept(world, given))).toEqual(SUCCESS);
  });
});

describe.concurrent('an answer with headers beyond the limit', () => {
  it.for([
    ['password', 'login 1'],
    ['oidc', 'id-token 1, login 1'],
    ['token', 'introspect 1'],
    ['keys', 'projects 1'],
  ] as const)('is one clear error, and the login of method %s is not repeated', async ([method, expected]) => {
    await using world = await openAuthWorld();
    const headers = { 'X-Filler': 'x'.repeat(300_000) };
    world.cloud.fault({ on: ['login', 'introspect', 'projects'], times: FOR_EVER, do: { headers } });
    const run = await accept(world, credentials(world, method));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('the answer is too long to read: the headers of the answer are longer than 256 KB');
    expect(errorOf(run)).not.toMatch(/proxy|proxies|HPE_/i);
    expect(doors(world)).toBe(expected);
  });

  it('after a change leaves its effect open: the members are read', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'update', times: 1, do: { headers: { 'X-Filler': 'x'.repeat(300_000) } } });
    const run = await accept(world, credentials(world, 'password'));
    expect(run.outputs['changed']).toBe('true');
    expect(at(run.results[0], 'current')).toBe('accepted');
    expect(world.cloud.updateRequests()).toHaveLength(1);
  });
});
