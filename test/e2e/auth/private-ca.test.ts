/**
 * Certificates of a private authority: accepted when NODE_EXTRA_CA_CERTS names it, and never otherwise.
 */
import { describe, expect, it } from 'vitest';
import { makeTls } from '../../../mock-cloud/tls.ts';
import { accept, BLOCKED, credentials, errorOf, METHODS, openAuthWorld, resultOf, SUCCESS } from './kit.ts';

const tls = makeTls();

describe.concurrent('a private CA', () => {
  it.for(METHODS.map((method) => [method] as const))('is trusted when it is named, by %s', async ([method]) => {
    await using world = await openAuthWorld({ tls });
    const run = await accept(
      world,
      credentials(world, method),
      {},
      { files: { 'ca.pem': tls.ca }, env: { NODE_EXTRA_CA_CERTS: 'ca.pem' } },
    );
    expect(resultOf(run)).toEqual(SUCCESS);
  });

  it.for(METHODS.map((method) => [method] as const))('is refused when it is not, once, by %s', async ([method]) => {
    await using world = await openAuthWorld({ tls });
    const run = await accept(world, credentials(world, method));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('is not trusted');
    expect(errorOf(run)).toContain('NODE_EXTRA_CA_CERTS');
    expect(world.cloud.requests).toEqual([]);
    // One attempt at each host, not six. The two connections that the first reads need are opened ahead of them.
    const { cloud } = world;
    expect(cloud.connections('iam') + cloud.connections('github')).toBe(1);
    expect(cloud.connections('ims')).toBe(2);
  });

  it('that is not named is refused even if the runner switches the check off for Node', async () => {
    await using world = await openAuthWorld({ tls });
    // Node itself warns of the variable.
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const run = await accept(world, credentials(world, 'password'), {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('is not trusted');
    expect(world.cloud.requests).toEqual([]);
  });

  it('of somebody else is refused', async () => {
    await using world = await openAuthWorld({ tls });
    const files = { 'ca.pem': makeTls().ca };
    const run = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files, env: { NODE_EXTRA_CA_CERTS: 'ca.pem' } },
    );
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('is not trusted');
    expect(world.cloud.requests).toEqual([]);
  });
});
