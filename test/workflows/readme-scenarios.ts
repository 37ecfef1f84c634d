/**
 * The README's snippets, run as a reader would copy them: those that belong together in one workflow.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '../../mock-cloud/index.ts';
import { expectJobs, expectSummary, jobOf } from './check.ts';
import type { Scenario } from './scenarios.ts';
import { type Jobs, jobsUnder, snippetsIn, stepsUnder, usesAction, withInputs, workflowOf } from './snippets.ts';
import type { Play, Stage } from './stage.ts';
import { manifestOf, type World } from './world.ts';

const QUICK_START = 'Quick start';
const GATE = 'Gating a release';
const SOURCES = 'Where the image IDs come from';

const readme = snippetsIn(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8'));

/** The inputs of the quick start's step that names the image and the projects, as it stands in the README. */
function quickStartInputs(): Record<string, string> {
  const step = Object.values(jobsUnder(readme, QUICK_START)).flatMap(({ steps = [] }) => steps.filter(usesAction))[0];
  assert.ok(step?.with, 'the quick start uses the action');
  return Object.fromEntries(Object.entries(step.with).map(([name, value]) => [name, String(value)]));
}

/** quickStartPlay runs jobs after the README's placeholders have been replaced by what is in the cloud. */
function quickStartPlay({ member, builder, variables }: World, jobs: Jobs, image: Image): Play {
  const { images, project, 'trusted-owners': owners } = quickStartInputs();
  const real = [
    [images, image.id],
    [project, member.name],
    [owners, builder.id],
  ] as const;
  const literal = real.filter(([shown]) => shown !== undefined && !shown.includes('${{'));
  return {
    event: 'workflow_dispatch',
    workflow: 'readme.yml',
    files: { 'readme.yml': workflowOf(jobs) },
    variables: { ...variables, IMAGES: image.id },
    replace: Object.fromEntries(literal),
  };
}

async function gateLetsReleasePass(world: World, stage: Stage): Promise<void> {
  const image = world.share('golden-7', world.member);
  const jobs = { ...jobsUnder(readme, QUICK_START), ...jobsUnder(readme, GATE) };
  const run = await stage.play(quickStartPlay(world, jobs, image));
  expectJobs(run, { accept: 'success', release: 'success', gate: 'success' });
  assert.equal(world.cloud.memberStatus(image, world.member), 'accepted');
}

async function gateStopsRelease(world: World, stage: Stage): Promise<void> {
  const stranger = world.cloud.addProject({ name: 'eu-de_stranger', domain: 'builders' });
  const image = world.cloud.addImage({ name: 'golden-7', owner: stranger });
  world.cloud.share(image, world.member);
  const jobs = { ...jobsUnder(readme, QUICK_START), ...jobsUnder(readme, GATE) };
  const run = await stage.play(quickStartPlay(world, jobs, image));
  expectJobs(run, { accept: 'failure', release: 'skipped', gate: 'failure' });
  assert.match(jobOf(run, 'gate').summary, /blocked/, 'the gate writes the outcome that it saw to the summary');
}

/** Steps that name the images in some way, with everything else from the quick start. */
async function imagesComeFromElsewhere(world: World, stage: Stage): Promise<void> {
  const { images: _, ...inputs } = quickStartInputs();
  const [accept] = Object.values(jobsUnder(readme, QUICK_START));
  assert.ok(accept !== undefined);
  const shown = stepsUnder(readme, SOURCES);
  assert.ok(shown.length >= 2, 'the README shows a Packer manifest and a Terraform output');
  for (const [index, steps] of shown.entries()) {
    const image = world.share(`golden-${index}`, world.member);
    const upload = { name: 'packer-manifest', path: 'packer-manifest.json' };
    const build = { 'runs-on': 'ubuntu-latest', steps: [{ uses: CHECKOUT }, { uses: UPLOAD, with: upload }] };
    const job = { ...accept, needs: 'build', outputs: {}, steps: withInputs(steps, inputs) };
    const play = quickStartPlay(world, { build, accept: job }, image);
    const run = await stage.play({
      ...play,
      programs: { terraform: `#!/bin/sh\necho '{"golden":"${image.id}"}'\n` },
      files: { ...play.files, 'packer-manifest.json': manifestOf(image) },
    });
    expectJobs(run, { build: 'success', accept: 'success' });
    expectSummary(jobOf(run, 'accept'), image.id);
    assert.equal(world.cloud.memberStatus(image, world.member), 'accepted');
  }
}

const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1';
const UPLOAD = 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a';

/** A job that takes the IDs from the outputs of another one. */
async function imagesComeFromAnotherJob(world: World, stage: Stage): Promise<void> {
  const { images: _, ...inputs } = quickStartInputs();
  const [quickStart] = Object.values(jobsUnder(readme, QUICK_START));
  const image = world.share('golden-7', world.member);
  const [[id, shown] = []] = Object.entries(jobsUnder(readme, SOURCES));
  assert.ok(id !== undefined && shown?.steps !== undefined && quickStart !== undefined);
  const build = {
    'runs-on': 'ubuntu-latest',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of ours.
    outputs: { images: '${{ steps.build.outputs.images }}' },
    steps: [{ id: 'build', run: `echo "images=${image.id}" >> "$GITHUB_OUTPUT"` }],
  };
  const accept = { ...quickStart, outputs: {}, ...shown, steps: withInputs(shown.steps, inputs) };
  const run = await stage.play(quickStartPlay(world, { build, [id]: accept }, image));
  expectJobs(run, { build: 'success', [id]: 'success' });
  assert.equal(world.cloud.memberStatus(image, world.member), 'accepted');
}

export const README_SCENARIOS: Record<string, Scenario> = {
  'README, quick start and gate: the release runs after a proven acceptance': gateLetsReleasePass,
  'README, quick start and gate: an untrusted owner skips the release and fails the gate': gateStopsRelease,
  'README, image IDs: from a Packer manifest and from a Terraform output': imagesComeFromElsewhere,
  'README, image IDs: from the outputs of another job': imagesComeFromAnotherJob,
};
