/**
 * The receipt: a file that a later job can rely on, described by docs/receipt.schema.json.
 */
import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type Finished, runAction } from './harness.ts';
import { ids, openWorld } from './world.ts';

const schema: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/receipt.schema.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validate = ajv.compile(schema as object);

/** Reads the receipt and holds it against its schema. */
function receiptOf({ workspace }: Finished, path = 'receipt.json'): Record<string, unknown> {
  const receipt: unknown = JSON.parse(readFileSync(join(workspace, path), 'utf8'));
  expect(validate(receipt), ajv.errorsText(validate.errors)).toBe(true);
  return receipt as Record<string, unknown>;
}

describe.concurrent('the receipt', () => {
  it('describes the whole run', async () => {
    await using world = await openWorld();
    const images = [world.share({ name: 'golden' }), world.share({}, 'accepted')];
    const run = await runAction({ ...world.token(), images: ids(images), 'results-file': 'out/deep/receipt.json' });
    const receipt = receiptOf(run, 'out/deep/receipt.json');
    expect(receipt).toMatchObject({
      outcome: 'success',
      changed: true,
      status: 'accepted',
      mode: 'apply',
      projects: [{ id: world.consumer.id, region: 'eu-de' }],
      jobIds: [run.outputs['job-id']],
      runUrl: 'https://github.com/acme/platform/actions/runs/4711',
      actor: 'octocat',
      commit: '0123456789abcdef0123456789abcdef01234567',
    });
    expect(receipt['results']).toEqual(run.results);
    expect(receipt['requestIds']).toContain(world.cloud.updateRequests()[0]?.requestId);
    expect(Date.parse(String(receipt['endedAt']))).toBeGreaterThanOrEqual(Date.parse(String(receipt['startedAt'])));
    // Written in one step: nothing is left beside it, and whoever comes later may read it.
    expect(readdirSync(join(run.workspace, 'out/deep'))).toEqual(['receipt.json']);
    expect(statSync(join(run.workspace, 'out/deep/receipt.json')).mode & 0o444).toBe(0o444);
  });

  it('says who triggered which attempt, what was trusted, and how the run logged in', async () => {
    await using world = await openWorld();
    const { cloud, user, consumer, where, producer } = world;
    const provider = cloud.addIdentityProvider({ domain: user.domain, projects: [consumer] });
    const env = {
      ...cloud.oidcEnv(),
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_TRIGGERING_ACTOR: 'hubot',
      GITHUB_WORKFLOW_REF: 'acme/platform/.github/workflows/accept.yml@refs/heads/main',
    };
    const inputs = { ...where, project: consumer.id, 'identity-provider': provider.id, images: world.share().id };
    const run = await runAction({ ...inputs, 'trusted-owners': producer.id, 'results-file': 'receipt.json' }, { env });
    expect(receiptOf(run)).toMatchObject({
      actionVersion: '1.0.0',
      verified: true,
      runAttempt: 3,
      actor: 'octocat',
      triggeringActor: 'hubot',
      workflow: 'acme/platform/.github/workflows/accept.yml@refs/heads/main',
      jobWorkflowRef: 'octo-org/images/.github/workflows/release.yml@refs/heads/main',
      trustedOwners: [producer.id],
      manifests: [],
      login: { method: 'oidc' },
    });
  });

  it('knows no workflow of the job without an ID token', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id, 'results-file': 'receipt.json' });
    expect(receiptOf(run)).toMatchObject({ jobWorkflowRef: null, login: { method: 'token' } });
    expect(run.log).toContain(`Receipt: ${join(run.workspace, 'receipt.json')}`);
  });

  it('outside the workspace is written with a warning, through links too', async () => {
    await using world = await openWorld();
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    const workspace = mkdtempSync(join(tmpdir(), 'ims-'));
    symlinkSync(outside, join(workspace, 'link'));
    for (const path of [join(outside, 'a.json'), 'link/b.json', '../c.json']) {
      const inputs = { ...world.token(), images: world.share().id, 'results-file': path };
      const run = await runAction(inputs, { workspace });
      expect(run.outputs['outcome']).toBe('success');
      expect(run.commands.filter(({ name }) => name === 'warning').map(({ message }) => message)).toEqual([
        expect.stringContaining(`\`results-file\` is outside the workspace: ${resolve(workspace, path)}`),
      ]);
      receiptOf(run, relative(workspace, resolve(workspace, path)));
    }
  });

  it.for([
    ['a long name', 'n'.repeat(256)],
    ['a long name in a folder that does not exist', `new/${'ü'.repeat(128)}/receipt.json`],
    ['a long path', `${'folder/'.repeat(600)}receipt.json`],
  ])('with %s is a mistake, before anything is sent', async ([, path]) => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id, 'results-file': path });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('results-file');
    expect(world.cloud.requests).toEqual([]);
  });

  it('with a name of 255 bytes is written', async () => {
    await using world = await openWorld();
    const name = `${'n'.repeat(250)}.json`;
    const run = await runAction({ ...world.token(), images: world.share().id, 'results-file': name });
    expect(run.commands.filter(({ name: command }) => command === 'warning')).toEqual([]);
    expect(receiptOf(run, name)).toMatchObject({ outcome: 'success' });
  });

  it('is written after a partial failure, with code and request ID', async () => {
    await using world = await openWorld();
    const images = world.shareMany(2);
    world.cloud.failImage(images[0] ?? '', { code: 'IMG.0046', in: 'request' });
    const run = await runAction({ ...world.token(), images: ids(images), 'results-file': 'receipt.json' });
    const receipt = receiptOf(run);
    expect(receipt).toMatchObject({ outcome: 'partial', results: [{ errorCode: 'IMG.0046' }, { outcome: 'updated' }] });
    const refused = world.cloud.updateRequests().filter(({ status }) => status === 400);
    expect(receipt['requestIds']).toContain(refused.at(-1)?.requestId);
  });

  it('is written by a run that is blocked, and takes the place of an older one', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const inputs = { ...world.token(), images: image.id, 'share-timeout': '0', 'results-file': 'receipt.json' };
    const run = await runAction(inputs, { files: { 'receipt.json': '{"old": true}' } });
    expect(receiptOf(run)).toMatchObject({ outcome: 'blocked', changed: false, jobIds: [] });
  });

  it('is written after an input error', async () => {
    await using world = await openWorld();
    const inputs = { ...world.token(), images: 'nonsense', status: 'maybe', 'results-file': 'receipt.json' };
    const receipt = receiptOf(await runAction(inputs));
    expect(receipt).toMatchObject({ outcome: 'blocked', changed: false, status: null, results: [] });
    expect(receipt['problems']).toHaveLength(2);
  });

  it('holds what match-name left out', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden' });
    const other = world.share({ name: 'golden', owner: world.stranger });
    const inputs = { ...world.token(), 'match-name': 'golden', 'trusted-owners': world.producer.id };
    const receipt = receiptOf(await runAction({ ...inputs, 'results-file': 'receipt.json' }));
    expect(receipt['leftOut']).toMatchObject([{ image: other.id, reason: 'owner-not-trusted' }]);
  });
});
