/**
 * The reusable workflow, called as users call it.
 */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { inputNames } from './files.ts';
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

/** An action in place of ours, which writes the inputs that it was given where ours writes the receipt. */
function inputRecorder(stage: Stage): string {
  const declared = [...inputNames].map((name) => `  ${name}: { description: An input }`).join('\n');
  stage.file(
    'recorder/index.js',
    `
    const inputs = Object.entries(process.env).filter(([name, value]) => name.startsWith('INPUT_') && value !== '');
    const given = Object.fromEntries(inputs.map(([name, value]) => [name.slice(6).toLowerCase(), value]));
    require('node:fs').writeFileSync(given['results-file'], JSON.stringify({ outcome: 'success', given }));`,
  );
  const file = stage.file(
    'recorder/action.yml',
    `name: recorder\ninputs:\n${declared}\nruns:\n  using: node20\n  main: index.js\n`,
  );
  return dirname(file);
}

async function inputsReachTheAction({ variables }: World, stage: Stage): Promise<void> {
  const accounts = [
    { name: 'one', project: 'p1', 'identity-provider': 'own', vault: 'v1' },
    { name: 'two', project: 'p2', 'project-domain': 'Other', 'ims-endpoint': 'https://glance.example.com' },
  ];
  const given = async (workflow: string) => {
    const run = await stage.play({
      event: 'workflow_dispatch',
      workflow,
      env: { BUILT_ACTION: inputRecorder(stage) },
      secrets: { CREDENTIAL_ID: 'the-id', CREDENTIAL_SECRET: 'the-secret' },
      variables: { ...variables, IMAGES: 'some', ACCOUNTS: JSON.stringify(accounts) },
      asShipped: true,
    });
    return accounts.map(({ name }) => {
      const { given: inputs } = run.receipt(`accept-images-receipt-${name}`, `accept-images-receipt-${name}.json`) as {
        outcome: string;
        given: Record<string, string>;
      };
      return inputs;
    });
  };
  const always = {
    images: 'some',
    status: 'accepted',
    mode: 'apply',
    'if-none': 'fail',
    'trusted-owners': variables['IMS_TRUSTED_OWNERS'],
    'share-timeout': '2m',
    timeout: '10m',
  };
  const one = { project: 'p1', vault: 'v1', 'results-file': 'accept-images-receipt-one.json' };
  const two = {
    project: 'p2',
    'ims-endpoint': accounts[1]?.['ims-endpoint'],
    'results-file': 'accept-images-receipt-two.json',
  };

  const oidc = { api: 'ims', audience: 'open-telekom-cloud', 'require-proof': 'true' };
  assert.deepEqual(await given('test/workflows/caller.yml'), [
    { ...always, ...oidc, ...one, 'identity-provider': 'own' },
    { ...always, ...oidc, ...two, 'identity-provider': 'github', 'project-domain': 'Other' },
  ]);
  const openstack = {
    api: 'openstack',
    'auth-url': 'https://keystone.example.com/v3',
    'require-proof': 'false',
    'application-credential-id': 'the-id',
    'application-credential-secret': 'the-secret',
  };
  assert.deepEqual(await given('test/workflows/caller-openstack.yml'), [
    { ...always, ...openstack, ...one, 'project-domain': 'Default' },
    { ...always, ...openstack, ...two, 'project-domain': 'Other' },
  ]);
}

export const REUSABLE_SCENARIOS: Record<string, Scenario> = {
  'accept-images (reusable): one verdict over all accounts': oneVerdictOverAccounts,
  'accept-images (reusable): images from a manifest in an artifact, and a commit status for each account':
    imagesFromAManifest,
  'accept-images (reusable): each input reaches the action, and OpenStack gets secrets instead of OIDC':
    inputsReachTheAction,
};
