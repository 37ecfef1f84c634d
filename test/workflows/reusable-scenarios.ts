/**
 * The reusable workflow, called as users call it.
 */
import assert from 'node:assert/strict';
import type { Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';
import { addAccount, manifestOf, type World } from './world.ts';

function twoAccounts(world: World) {
  const retail = addAccount(world.cloud, 'account-of-retail', 'eu-de_retail');
  const agency = { 'agency-name': 'image-acceptor', 'agency-domain': 'account-of-retail' };
  const accounts = [
    { name: 'home', project: world.member.name },
    { name: 'retail', project: 'eu-de_retail', ...agency },
  ];
  return { retail, accounts };
}

async function oneVerdictOverAccounts(world: World, stage: Stage): Promise<void> {
  const { retail, accounts } = twoAccounts(world);
  const image = world.share('golden-7', world.member, retail);
  const call = (given: readonly object[]) => ({
    event: 'workflow_dispatch',
    workflow: 'test/workflows/caller.yml',
    variables: { ...world.variables, IMAGES: image.id, ACCOUNTS: JSON.stringify(given) },
  });
  const run = await stage.play(call(accounts));
  assert.match(run.transcript, /### Accounts: success/);
  assert.match(run.transcript, /released after success/);
  assert.equal(run.exit, 0);

  const unknown = { name: 'nowhere', project: 'eu-de_nowhere' };
  const second = await stage.play(call([...accounts, unknown]));
  assert.match(second.transcript, /### Accounts: partial/);
  assert.doesNotMatch(second.transcript, /released after/);
  assert.notEqual(second.exit, 0);
}

async function imagesFromAManifest(world: World, stage: Stage): Promise<void> {
  const { retail, accounts } = twoAccounts(world);
  const [image, missing] = [world.share('golden-7', world.member, retail), world.share('golden-8', world.member)];
  const call = (manifest: string) => ({
    event: 'workflow_dispatch',
    workflow: 'test/workflows/caller-manifest.yml',
    files: { 'images/manifest.json': manifest },
    variables: { ...world.variables, ACCOUNTS: JSON.stringify(accounts) },
  });
  const run = await stage.play(call(manifestOf(image)));
  assert.match(run.transcript, /### Accounts: success/);
  assert.equal(run.exit, 0);
  assert.equal(world.cloud.memberStatus(image, retail), 'accepted');
  const last = Object.fromEntries(world.cloud.statuses.map(({ context, state }) => [context, state]));
  assert.deepEqual(last, { 'images/accepted (home)': 'success', 'images/accepted (retail)': 'success' });

  const second = await stage.play(call(manifestOf(image, missing)));
  assert.match(second.transcript, /### Accounts: partial/);
  assert.notEqual(second.exit, 0);
  const then = Object.fromEntries(world.cloud.statuses.map(({ context, state }) => [context, state]));
  assert.deepEqual(then, { 'images/accepted (home)': 'success', 'images/accepted (retail)': 'failure' });
}

export const REUSABLE_SCENARIOS: Record<string, Scenario> = {
  'accept-images (reusable): one verdict over all accounts': oneVerdictOverAccounts,
  'accept-images (reusable): images from a manifest in an artifact, and a commit status for each account':
    imagesFromAManifest,
};
