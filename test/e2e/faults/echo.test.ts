/**
 * Services that repeat secrets in their answers, as gateways do that show the canonical request of a wrong signature. The harness
 * searches everything that a run leaves behind; here it is made sure that there was something to be found.
 */
import { describe, expect, it } from 'vitest';
import { errorAnswer, type FaultRule } from '../../../mock-cloud/index.ts';
import { type Finished, type Inputs, runAction } from '../harness.ts';
import { openWorld, type World } from '../world.ts';

const ALL = Number.POSITIVE_INFINITY;
const SHAPES = ['nested', 'flat', 'keystone', 'native', 'openstack', 'html', 'xml'] as const;

const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'encoded for a URL': encodeURIComponent,
  'as JSON in the text': (secret) => JSON.stringify({ secret }),
  'in Base64': (secret) => Buffer.from(secret).toString('base64'),
  // Long messages are cut; the cut must not leave half of a secret behind.
  'across the cut': (secret) => `${'x'.repeat(540)} ${secret}`,
};

async function runWith(world: World, inputs: Inputs, env: Record<string, string> = {}): Promise<Finished> {
  const run = await runAction(
    {
      ...inputs,
      retries: '1',
      'results-file': 'receipt.json',
      'commit-status': 'images',
      'github-token': world.cloud.github.token,
    },
    { env: { GITHUB_API_URL: world.cloud.githubUrl, RUNNER_DEBUG: '1', ...env } },
  );
  expect(world.cloud.violations).toEqual([]);
  return run;
}

function requireStars(run: Finished): void {
  const shown = run.log.replaceAll(/^::add-mask::.*$/gm, '');
  expect(`${shown}${run.summary}${run.outputs['results']}`).toMatch(/\*\*\*|&#42;&#42;&#42;/);
}

describe.concurrent('a secret in an answer', () => {
  const cases = SHAPES.flatMap((shape, index) => {
    const names = Object.keys(SPELLINGS);
    // Every shape with the cut, and with one more spelling in turn.
    return ['across the cut', names[index % 4] ?? ''].map((spelling) => [shape, spelling] as const);
  });
  it.for(cases)('in the shape %s, %s', async ([shape, spelling]) => {
    await using world = await openWorld();
    const inputs = world.token();
    const message = `Signature wrong: x-auth-token:${SPELLINGS[spelling]?.(inputs['token'] ?? '')} host:ims`;
    for (const on of ['update', 'prove'] as const)
      world.cloud.fault({ on, times: ALL, do: { respond: errorAnswer(shape, 400, 'APIG.0301', message) } });
    const run = await runWith(world, { ...inputs, images: world.share().id });
    // Of a page only the heading is shown.
    if (shape !== 'html') requireStars(run);
  });

  it.for(['introspect', 'look', 'update', 'prove'] as const)('of the phase %s', async (on) => {
    await using world = await openWorld();
    const inputs = world.token();
    const respond = errorAnswer('flat', 503, 'APIG.0201', `Backend said: ${inputs['token']}`);
    world.cloud.fault({ on, times: ALL, do: { respond } });
    requireStars(await runWith(world, { ...inputs, images: world.share().id }));
  });

  it('about the password, at the login', async () => {
    await using world = await openWorld();
    const inputs = world.password();
    const respond = errorAnswer('keystone', 401, '', `{"password": ${JSON.stringify(inputs['password'])}}`);
    world.cloud.fault({ on: 'login', do: { respond } });
    requireStars(await runWith(world, { ...inputs, images: world.share().id }));
  });

  it('about the token that the login has just issued', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.fault({ on: 'login', do: { headers: { 'X-Subject-Token': 'MIIfreshlyissued0123456789' } } });
    const respond = errorAnswer('flat', 400, 'APIG.0301', 'x-auth-token:MIIfreshlyissued0123456789');
    world.cloud.fault({ on: 'look', times: ALL, do: { respond } });
    const run = await runAction({ ...world.password(), images: image.id });
    expect(`${run.log}${run.summary}`.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('MIIfreshly');
    requireStars(run);
  });

  it('about the ID token and the request token', async () => {
    await using world = await openWorld();
    const provider = world.cloud.addIdentityProvider({ domain: world.user.domain, projects: [world.consumer] });
    const inputs = { ...world.where, project: world.consumer.id, 'identity-provider': provider.id };
    const jwt = `${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub: 'repo:a/b:x', iss: 'y'.repeat(80) })).toString('base64url')}.${'Zm9v'.repeat(40)}`;
    const rules: FaultRule[] = [
      {
        on: 'id-token',
        do: { respond: { status: 503, body: { message: `Bearer ${world.cloud.github.requestToken}` } } },
      },
      { on: 'id-token', do: { respond: { status: 200, body: { value: jwt } } } },
      { on: 'login', do: { respond: errorAnswer('flat', 401, 'IAM.0001', `id_token ${jwt} is wrong`) } },
    ];
    for (const rule of rules) world.cloud.fault(rule);
    const run = await runWith(world, { ...inputs, images: world.share().id }, world.cloud.oidcEnv());
    expect(run.outputs['outcome']).toBe('blocked');
    requireStars(run);
  });

  it('about temporary keys', async () => {
    await using world = await openWorld();
    const key = world.cloud.addTemporaryKey({ user: world.user });
    const canonical = `GET\n/v2/cloudimages/\nx-security-token:${key.securityToken}\nAccess=${key.access}`;
    world.cloud.fault({ on: 'look', times: ALL, do: { respond: errorAnswer('flat', 401, 'APIG.0301', canonical) } });
    const run = await runWith(world, {
      ...world.where,
      project: world.consumer.id,
      'access-key': key.access,
      'secret-key': key.secret,
      'security-token': key.securityToken,
      images: world.share().id,
    });
    requireStars(run);
  });

  it('in names and IDs that others chose', async () => {
    await using world = await openWorld({ job: { reason: 'fail_reason' } });
    const inputs = world.token();
    const secret = inputs['token'] ?? '';
    const good = world.share({ name: `image ${secret}` });
    const bad = world.share({ name: Buffer.from(secret).toString('base64url') });
    world.cloud.failImage(bad, { code: 'IMG.0046', message: `because of ${secret}`, in: 'job' });
    world.cloud.fault({ on: 'update', do: { headers: { 'X-Request-Id': secret } } });
    const run = await runWith(world, { ...inputs, images: `${good.id} ${bad.id}` });
    expect(run.outputs['outcome']).toBe('partial');
    requireStars(run);
  });
});
