/**
 * The chain of custody, and the nightly check with its issue. Attestations, gh, the cache and GitHub's issues are stand-ins.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Image } from '../../mock-cloud/index.ts';
import { expectJobs, expectSummary, jobOf } from './check.ts';
import { textOf } from './files.ts';
import type { Scenario } from './scenarios.ts';
import type { Play, Stage } from './stage.ts';
import { manifestOf, type World } from './world.ts';

const WORKFLOW = 'octo-org/images/.github/workflows/chain-of-custody.yml';
const ATTESTATIONS = join(import.meta.dirname, 'actions/attest/attestations.mjs');

function custodyPlay({ cloud, variables }: World, stage: Stage, image: Image): Play {
  cloud.github.claims['job_workflow_ref'] = `${WORKFLOW}@refs/heads/main`;
  return {
    event: 'push',
    workflow: 'examples/chain-of-custody.yml',
    files: { 'images/golden.pkr.hcl': '', 'custody/verify.mjs': textOf('examples/custody/verify.mjs') },
    programs: { gh: `#!/bin/sh\nexec node '${ATTESTATIONS}' "$@"\n` },
    env: {
      PACKER_MANIFEST: stage.file('manifest.json', manifestOf(image)),
      ATTESTATIONS: dirname(stage.file('attestations/.keep', '')),
      GITHUB_WORKFLOW_REF: `${WORKFLOW}@refs/heads/main`,
    },
    secrets: { HW_ACCESS_KEY: 'unused', HW_SECRET_KEY: 'unused' },
    variables,
  };
}

async function custodyReleases(world: World, stage: Stage): Promise<void> {
  const image = world.share('golden-7', world.member);
  const run = await stage.play(custodyPlay(world, stage, image));
  expectJobs(run, { build: 'success', accept: 'success', release: 'success' });
  expectSummary(jobOf(run, 'release'), `Rolling out ["${image.id}"]`);
  const accepted = `image     ${image.id} of ${world.builder.id}, accepted in ${world.member.id} (updated)`;
  assert.ok(run.transcript.includes(accepted), accepted);
  assert.equal(run.receipt('custody', 'evidence/receipt.json')?.outcome, 'success', 'the evidence is kept');
}

async function custodyStopsBefore(world: World, stage: Stage): Promise<void> {
  const image = world.share('golden-7', world.member);
  const play = custodyPlay(world, stage, image);
  const other = { 'subject-path: packer-manifest.json': 'subject-path: images/golden.pkr.hcl' };
  const run = await stage.play({ ...play, replace: other });
  expectJobs(run, { build: 'success', accept: 'failure', release: 'skipped' });
  assert.equal(world.cloud.updateRequests().length, 0, 'a manifest that is not attested changes nothing');
}

async function custodyStopsAfter(world: World, stage: Stage): Promise<void> {
  const [image, other] = [world.share('golden-7', world.member), world.share('golden-8', world.member)];
  const play = custodyPlay(world, stage, image);
  const images = { '${{ needs.accept.outputs.images }}': `'["${other.id}"]'` };
  const run = await stage.play({ ...play, replace: images });
  expectJobs(run, { build: 'success', accept: 'success', release: 'failure' });
  assert.ok(run.transcript.includes(`Refused: The release uses ${other.id}, which this run did not accept.`));
  assert.doesNotMatch(jobOf(run, 'release').summary, /Rolling out/);
}

async function nightlyKeepsOneIssue(world: World, stage: Stage): Promise<void> {
  const { cloud, member } = world;
  const name = 'golden-7` @everyone <img src=x>';
  const image = world.share(name);
  cloud.share(image, member, 'accepted');
  const issues = stage.file('issues.json', '[]');
  const play: Play = {
    event: 'schedule',
    workflow: 'examples/nightly-issue.yml',
    files: { 'images.json': JSON.stringify([image.id]) },
    env: { ISSUES: issues, CACHES: dirname(stage.file('caches/.keep', '')) },
    variables: world.variables,
  };
  const read = () => JSON.parse(readFileSync(issues, 'utf8')) as { state: string; body: string }[];
  expectJobs(await stage.play(play), { check: 'success', issue: 'success' });
  assert.deepEqual(read(), []);

  cloud.unshare(image, member);
  for (const _ of ['opened', 'updated']) {
    expectJobs(await stage.play(play), { check: 'failure', issue: 'success' });
    assert.deepEqual(
      read().map(({ state }) => state),
      ['open'],
    );
  }
  assert.ok(read()[0]?.body.includes(`- Image \`${image.id}\`, named \`golden-7' @everyone <img src=x>\` in project`));

  cloud.share(image, member, 'accepted');
  expectJobs(await stage.play(play), { check: 'success', issue: 'success' });
  assert.deepEqual(
    read().map(({ state }) => state),
    ['closed'],
  );
}

export const CUSTODY_SCENARIOS: Record<string, Scenario> = {
  'chain-of-custody: the manifest is verified, the receipt attested, and the release compares both': custodyReleases,
  'chain-of-custody: a manifest without an attestation is not accepted': custodyStopsBefore,
  'chain-of-custody: a release of another image is refused': custodyStopsAfter,
  'nightly-issue: one issue, with the last good name, closed when the check passes': nightlyKeepsOneIssue,
};
