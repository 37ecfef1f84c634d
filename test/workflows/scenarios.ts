/**
 * Each example, run by a workflow engine against the mock cloud: once as it should go, once as it should not.
 */
import assert from 'node:assert/strict';
import { type Image, startCloud } from '../../mock-cloud/index.ts';
import { startProxy } from '../../mock-cloud/proxy.ts';
import { expectJobs, expectSummary, jobOf } from './check.ts';
import type { Stage } from './stage.ts';
import { addAccount, manifestOf, type World } from './world.ts';

export type Scenario = (world: World, stage: Stage) => Promise<void>;

async function packerReleases(world: World, stage: Stage): Promise<void> {
  const { cloud, member } = world;
  const image = world.share('golden-7');
  cloud.shareLater(image, member, 800);
  const run = await stage.play({
    ...packer(stage, image),
    variables: world.variables,
  });
  expectJobs(run, { build: 'success', accept: 'success', release: 'success', gate: 'success' });
  expectSummary(jobOf(run, 'release'), `Rolling out ["${image.id}"]`);
  expectSummary(jobOf(run, 'gate'), 'accepted: true, verified: true, released: true');
  expectSummary(jobOf(run, 'accept'), 'golden-7', image.id);
  assert.equal(run.receipt('receipt')?.outcome, 'success');
  assert.equal(cloud.memberStatus(image, member), 'accepted');
  assert.deepEqual(
    cloud.statuses.map(({ context, state }) => [context, state]),
    [
      ['images/accepted', 'pending'],
      ['images/accepted', 'success'],
    ],
  );
}

async function packerStops(world: World, stage: Stage): Promise<void> {
  const { cloud, member } = world;
  const good = world.share('golden-7', member);
  const bad = world.share('golden-8', member);
  cloud.failImage(bad, { code: 'IMG.0046' });
  const run = await stage.play({ ...packer(stage, good, bad), variables: world.variables });
  expectJobs(run, { build: 'success', accept: 'failure', release: 'skipped', gate: 'failure' });
  const accept = jobOf(run, 'accept');
  assert.equal(accept.outputs['accept']?.['outcome'], 'partial');
  assert.deepEqual(JSON.parse(accept.outputs['accept']?.['failed'] ?? ''), [bad.id]);
  expectSummary(accept, 'golden-8', 'IMG.0046');
  assert.equal(run.receipt('receipt')?.outcome, 'partial', 'the receipt is uploaded by if: always()');
  expectSummary(jobOf(run, 'gate'), 'accepted: false', 'released: false');
  assert.equal(cloud.statuses.at(-1)?.state, 'failure');
}

function packer(stage: Stage, ...images: readonly Image[]) {
  return {
    event: 'push',
    workflow: 'examples/packer-build-share-accept-release.yml',
    files: { 'images/golden.pkr.hcl': '' },
    env: { PACKER_MANIFEST: stage.file('manifest.json', manifestOf(...images)) },
    secrets: { HW_ACCESS_KEY: 'unused', HW_SECRET_KEY: 'unused' },
  };
}

const KEYLESS = { event: 'workflow_dispatch', workflow: 'examples/keyless-environments.yml' };

async function keylessPromotes(world: World, stage: Stage): Promise<void> {
  const image = world.share('golden-7', world.member);
  const run = await stage.play({ ...KEYLESS, variables: world.variables, inputs: { images: image.id } });
  expectJobs(run, { staging: 'success', plan: 'success', production: 'success' });
  assert.equal(jobOf(run, 'plan').outputs['plan']?.['outcome'], 'planned');
  assert.equal(jobOf(run, 'production').outputs['accept']?.['outcome'], 'success');
  assert.equal(world.cloud.updateRequests().length, 1, 'what is accepted already is not changed again');
}

async function keylessStops(world: World, stage: Stage): Promise<void> {
  const stranger = world.cloud.addProject({ name: 'eu-de_stranger', domain: 'builders' });
  const image = world.cloud.addImage({ name: 'golden-7', owner: stranger });
  world.cloud.share(image, world.member);
  const run = await stage.play({ ...KEYLESS, variables: world.variables, inputs: { images: image.id } });
  expectJobs(run, { staging: 'failure', plan: 'skipped', production: 'skipped' });
  assert.equal(jobOf(run, 'staging').outputs['accept']?.['outcome'], 'blocked');
  expectSummary(jobOf(run, 'staging'), stranger.id);
  assert.equal(world.cloud.updateRequests().length, 0);
}

const AGENCY = { event: 'workflow_dispatch', workflow: 'examples/agency-many-accounts.yml' };

function threeAccounts({ cloud }: World) {
  return [
    addAccount(cloud, 'OTC-EU-DE-00000000001000011111', 'eu-de_retail'),
    addAccount(cloud, 'OTC-EU-DE-00000000001000022222', 'eu-de_logistics'),
    addAccount(cloud, 'OTC-EU-DE-00000000001000033333', 'eu-de_finance'),
  ];
}

async function agencyServesAll(world: World, stage: Stage): Promise<void> {
  const projects = threeAccounts(world);
  const image = world.share('golden-7', ...projects);
  const run = await stage.play({ ...AGENCY, variables: { ...world.variables, IMAGES: image.id } });
  expectJobs(run, { accept: 'success', verdict: 'success', release: 'success' });
  expectSummary(jobOf(run, 'verdict'), 'retail: **success**', 'logistics: **success**', 'finance: **success**');
  for (const project of projects) assert.equal(world.cloud.memberStatus(image, project), 'accepted');
}

async function agencyMergesAFailure(world: World, stage: Stage): Promise<void> {
  const [retail, logistics, finance] = threeAccounts(world);
  assert.ok(retail && logistics && finance);
  const image = world.share('golden-7', retail, logistics, finance);
  world.cloud.deny({ action: 'ims:images:share', project: logistics });
  const run = await stage.play({ ...AGENCY, variables: { ...world.variables, IMAGES: image.id } });
  expectJobs(run, { accept: 'failure', verdict: 'failure', release: 'skipped' });
  expectSummary(jobOf(run, 'verdict'), 'retail: **success**', 'finance: **success**');
  assert.notEqual(run.receipt('receipt-logistics', 'receipt-logistics.json')?.outcome, 'success');
  assert.equal(world.cloud.memberStatus(image, retail), 'accepted', 'one failure does not stop the others');
  assert.equal(world.cloud.memberStatus(image, finance), 'accepted');
}

async function nightlyFindsAWithdrawal(world: World, stage: Stage): Promise<void> {
  const [kept, lost] = [world.share('golden-7'), world.share('golden-8')];
  for (const image of [kept, lost]) world.cloud.share(image, world.member, 'accepted');
  const nightly = {
    event: 'schedule',
    workflow: 'examples/nightly-check.yml',
    files: { 'images.json': JSON.stringify({ base: kept.id, web: lost.id }) },
    variables: world.variables,
  };
  world.cloud.deny({ action: 'ims:images:share' });
  const before = await stage.play(nightly);
  expectJobs(before, { check: 'success' });

  world.cloud.unshare(lost, world.member);
  const after = await stage.play(nightly);
  expectJobs(after, { check: 'failure' });
  assert.deepEqual(JSON.parse(jobOf(after, 'check').outputs['check']?.['failed'] ?? ''), [lost.id]);
  assert.equal(after.receipt('receipt')?.outcome, 'partial');
  assert.equal(world.cloud.updateRequests().length, 0, 'a check changes nothing');
}

async function sweepAnnouncesWhatIsNew(world: World, stage: Stage): Promise<void> {
  const { cloud, member } = world;
  const sweep = { event: 'schedule', workflow: 'examples/sweep-match-name.yml', variables: world.variables };
  const nothing = await stage.play(sweep);
  expectJobs(nothing, { sweep: 'success', announce: 'skipped' });

  const image = world.share('golden-7', member);
  const other = world.share('silver-7', member);
  const stranger = cloud.addProject({ name: 'eu-de_stranger', domain: 'builders' });
  const lookAlike = cloud.addImage({ name: 'golden-8', owner: stranger });
  cloud.share(lookAlike, member);
  const run = await stage.play(sweep);
  expectJobs(run, { sweep: 'success', announce: 'success' });
  expectSummary(jobOf(run, 'announce'), `New images ["${image.id}"]`);
  expectSummary(jobOf(run, 'sweep'), 'golden-8');
  assert.deepEqual(
    [image, other, lookAlike].map((one) => cloud.memberStatus(one, member)),
    ['accepted', 'pending', 'pending'],
  );
}

async function selfHostedUsesProxyAndAuthority(world: World, stage: Stage): Promise<void> {
  const { cloud, member } = world;
  const proxy = await startProxy();
  const key = cloud.addAccessKey({ user: cloud.addUser({ domain: 'home', projects: [member] }) });
  const image = world.share('golden-7', member);
  const play = {
    event: 'workflow_dispatch',
    workflow: 'examples/self-hosted-proxy-ca.yml',
    secrets: { OTC_ACCESS_KEY: key.access, OTC_SECRET_KEY: key.secret },
    variables: world.variables,
    ownAuthority: true,
    replace: {
      'http://proxy.example.com:3128': proxy.url,
      'localhost,127.0.0.1,.example.com': 'localhost,.example.com',
      '/etc/ssl/certs/company-ca.pem': stage.authority,
    },
  } as const;
  try {
    const run = await stage.play({ ...play, inputs: { images: image.id } });
    expectJobs(run, { accept: 'success' });
    expectSummary(jobOf(run, 'accept'), 'success, jobs ["');
    const hosts = new Set(proxy.passages.map(({ method, target }) => `${method} https://${target}`));
    assert.deepEqual(hosts, new Set([`CONNECT ${cloud.iamUrl}`, `CONNECT ${cloud.imsUrl}`]));

    const typo = await stage.play({ ...play, inputs: { images: 'golden-7' } });
    expectJobs(typo, { accept: 'failure' });
    expectSummary(jobOf(typo, 'accept'), 'blocked, jobs []');
  } finally {
    await proxy.close();
  }
}

async function keysAreWatched(world: World, stage: Stage): Promise<void> {
  const path = 'examples/watch-signing-keys.yml';
  const published = stage.file('jwks.json', JSON.stringify(world.cloud.jwks(['old', 'new'])));
  const play = (pasted: readonly string[]) => ({
    event: 'schedule',
    workflow: path,
    files: { 'iam/github-jwks.json': JSON.stringify(world.cloud.jwks(pasted)) },
    replace: { 'https://token.actions.githubusercontent.com/.well-known/jwks': `file://${published}` },
  });
  expectJobs(await stage.play(play(['new', 'old', 'older'])), { compare: 'success' });
  const run = await stage.play(play(['old']));
  expectJobs(run, { compare: 'failure' });
  expectSummary(jobOf(run, 'compare'), 'does not know: new.');
}

async function openStackAccepts(_world: World, stage: Stage): Promise<void> {
  const cloud = await startCloud({ service: 'openstack' });
  try {
    const domain = cloud.addDomain({ name: 'home' });
    const member = cloud.addProject({ name: 'team', domain });
    const builder = cloud.addProject({ name: 'builders', domain: cloud.addDomain({ name: 'builders' }) });
    const credential = cloud.addApplicationCredential({ user: cloud.addUser({ domain, projects: [member] }) });
    const image = cloud.addImage({ name: 'golden-7', owner: builder });
    cloud.share(image, member);
    const play = {
      event: 'workflow_dispatch',
      workflow: 'examples/openstack.yml',
      asShipped: true,
      variables: { OS_AUTH_URL: `${cloud.iamUrl}/v3`, TRUSTED_OWNERS: builder.id },
      secrets: {
        OS_APPLICATION_CREDENTIAL_ID: credential.id,
        OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
      },
    } as const;
    expectJobs(await stage.play({ ...play, inputs: { images: image.id } }), { accept: 'success' });
    assert.equal(cloud.memberStatus(image, member), 'accepted');
    const stranger = cloud.addImage({ owner: cloud.addProject({ name: 'strangers', domain }) });
    cloud.share(stranger, member);
    expectJobs(await stage.play({ ...play, inputs: { images: stranger.id } }), { accept: 'failure' });
    assert.equal(cloud.memberStatus(stranger, member), 'pending');
  } finally {
    await cloud.close();
  }
}

export const EXAMPLE_SCENARIOS: Record<string, Scenario> = {
  'packer-build-share-accept-release: a share that arrives late is accepted, and the release runs': packerReleases,
  'packer-build-share-accept-release: one bad image skips the release and fails the gate': packerStops,
  'keyless-environments: staging, plan, production': keylessPromotes,
  'keyless-environments: an owner that is not trusted stops everything': keylessStops,
  'agency-many-accounts: all accounts, then the release': agencyServesAll,
  'agency-many-accounts: one account fails, the others are served, the release is skipped': agencyMergesAFailure,
  'openstack: an application credential accepts a trusted image, and no other': openStackAccepts,
  'nightly-check: passes with read permissions, and fails when a share is withdrawn': nightlyFindsAWithdrawal,
  'sweep-match-name: nothing to do passes; new images are accepted, look-alikes are not': sweepAnnouncesWhatIsNew,
  'self-hosted-proxy-ca: through the proxy with the private authority; outputs after an input error':
    selfHostedUsesProxyAndAuthority,
  'watch-signing-keys: passes, and names a key that is missing': keysAreWatched,
};
