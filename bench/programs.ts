/**
 * What is measured: the action as the runner runs it, the floor, an empty Node process, and the shell loop.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inputVariables, parseOutputs } from '../test/e2e/harness.ts';
import type { CloudProcess, Stage } from './cloud.ts';

const USAGE = join(import.meta.dirname, 'usage.cjs');
const FLOOR = join(import.meta.dirname, 'floor.mjs');
const LOOP = join(import.meta.dirname, 'loop.sh');

export interface Measured {
  /** From the spawn until the process is gone and its output is read. */
  readonly wallMs: number;
  /** User and system time; NaN for the shell loop. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly code: number | null;
  readonly output: string;
}

/** nothing is the least that Node costs. */
export function nothing(): Promise<Measured> {
  return node(['-e', '0'], {});
}

/** floor runs the hand-written script. */
export async function floor(cloud: CloudProcess, stage: Stage): Promise<Measured> {
  return succeeded(await node([FLOOR], floorVariables(cloud, stage)));
}

/** loop runs the shell loop. */
export async function loop(cloud: CloudProcess, stage: Stage): Promise<Measured> {
  return succeeded(await run(LOOP, [], { ...floorVariables(cloud, stage), PATH: process.env['PATH'] ?? '' }));
}

/** inputsFor are the action's inputs for a stage: with a token where there is one project, else with a password. */
export function inputsFor(cloud: CloudProcess, stage: Stage): Record<string, string> {
  const login =
    stage.projects.length === 1
      ? { token: stage.token }
      : { username: stage.user, password: stage.password, domain: stage.domain };
  return {
    region: 'eu-de',
    'auth-url': cloud.iamUrl,
    'ims-endpoint': cloud.imsUrl,
    project: stage.projects.join('\n'),
    ...login,
  };
}

/** accept runs the action on a stage. Throws where it does not succeed. */
export async function accept(cloud: CloudProcess, stage: Stage, dist: string, extra = {}): Promise<Measured> {
  const builds = stage.images.map((id) => ({ artifact_id: id, packer_run_uuid: 'run' }));
  // One environment variable holds some 3,500 IDs; more come as a manifest.
  const many = stage.images.length > 3000;
  const images = many ? { manifest: 'manifest.json' } : { images: stage.images.join('\n') };
  const files = many ? { 'manifest.json': JSON.stringify({ builds, last_run_uuid: 'run' }) } : {};
  const { measured, outcome } = await action(dist, { ...inputsFor(cloud, stage), ...images, ...extra }, files);
  if (outcome !== 'success') throw new Error(`the action ended with ${outcome}:\n${measured.output}`);
  return measured;
}

/** refuse runs the action without a single input, which it must refuse. */
export async function refuse(dist: string): Promise<Measured> {
  const { measured, outcome } = await action(dist, {}, {});
  if (outcome !== 'blocked') throw new Error(`the action ended with ${outcome}:\n${measured.output}`);
  return measured;
}

async function action(
  dist: string,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<{ measured: Measured; outcome: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  for (const [name, text] of Object.entries({ output: '', summary: '', ...files }))
    writeFileSync(join(folder, name), text);
  const measured = await node([resolve(dist, 'index.js')], {
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_WORKSPACE: folder,
    GITHUB_REPOSITORY: 'acme/platform',
    GITHUB_RUN_ID: '4711',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_ACTOR: 'octocat',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_EVENT_NAME: 'push',
    ...inputVariables(inputs),
  });
  const { outcome = 'no outcome' } = parseOutputs(readFileSync(join(folder, 'output'), 'utf8'));
  rmSync(folder, { recursive: true });
  return { measured, outcome };
}

function floorVariables(cloud: CloudProcess, stage: Stage): Record<string, string> {
  return {
    FLOOR_IAM: cloud.iamUrl,
    FLOOR_IMS: cloud.imsUrl,
    FLOOR_TOKEN: stage.token,
    FLOOR_PROJECT: stage.projects[0] ?? '',
    FLOOR_IMAGE: stage.images[0] ?? '',
  };
}

function succeeded(measured: Measured): Measured {
  if (measured.code !== 0) throw new Error(`ended with ${measured.code}:\n${measured.output}`);
  return measured;
}

function node(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Measured> {
  return run(process.execPath, ['--require', USAGE, ...args], env);
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Measured> {
  return new Promise((done, failed) => {
    const begun = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let output = '';
    let usage = '';
    const take = (text: string) => {
      output += text;
    };
    const [, out, err, used] = child.stdio;
    out?.setEncoding('utf8').on('data', take);
    err?.setEncoding('utf8').on('data', take);
    if (used !== null && used !== undefined && 'setEncoding' in used)
      used.setEncoding('utf8').on('data', (text: string) => {
        usage += text;
      });
    child.on('error', failed);
    child.on('close', (code) => {
      const wallMs = performance.now() - begun;
      const { cpuMs, peakKiB } = (usage === '' ? {} : JSON.parse(usage)) as { cpuMs?: number; peakKiB?: number };
      done({ wallMs, cpuMs: cpuMs ?? Number.NaN, peakMiB: (peakKiB ?? Number.NaN) / 1024, code, output });
    });
  });
}
