/**
 * What is measured: the action as the runner runs it, the floor, an empty Node process, and the shell loop.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inputVariables, parseOutputs } from '../test/e2e/harness.ts';
import type { Stage } from './cloud.ts';

const USAGE = join(import.meta.dirname, 'usage.cjs');
const FLOOR = join(import.meta.dirname, 'floor.mjs');
const LOOP = join(import.meta.dirname, 'loop.sh');

/** Where the services are, as the measured program sees them. */
export interface Where {
  readonly iamUrl: string;
  readonly imsUrl: string;
  /** PEM of a private authority, with https. */
  readonly ca?: string;
}

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

/** How a run is told what to accept: all images of the stage or the first few, by their IDs or by a name, with a token or a password. */
export interface Task {
  readonly few?: number;
  readonly by?: 'ids' | 'name';
  readonly login?: 'token' | 'password';
  /** Variables of the action's process beside those that every run has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** floor runs the hand-written script. */
export async function floor(where: Where, stage: Stage, task: Task = {}): Promise<Measured> {
  return succeeded(
    await withAuthority(where, (env) => node([FLOOR], { ...floorVariables(where, stage, task), ...env })),
  );
}

/** loop runs the shell loop. */
export async function loop(where: Where, stage: Stage): Promise<Measured> {
  const variables = { ...floorVariables(where, stage, { few: 1 }), PATH: process.env['PATH'] ?? '' };
  return succeeded(await run(LOOP, [], variables));
}

/** inputsFor are the action's inputs for a stage: with a password if there are several projects. */
export function inputsFor(where: Where, stage: Stage, login: Task['login'] = 'token'): Record<string, string> {
  const byToken = login === 'token' && stage.projects.length === 1;
  return {
    region: 'eu-de',
    'auth-url': where.iamUrl,
    'ims-endpoint': where.imsUrl,
    project: stage.projects.join('\n'),
    ...(byToken ? { token: stage.token } : { username: stage.user, password: stage.password, domain: stage.domain }),
  };
}

/** accept runs the action on a stage. Throws if it does not succeed. */
export async function accept(where: Where, stage: Stage, dist: string, task: Task = {}): Promise<Measured> {
  const ids = idsOf(stage, task);
  const builds = ids.map((id) => ({ artifact_id: id, packer_run_uuid: 'run' }));
  // One environment variable holds some 3,500 IDs; more come as a manifest.
  const many = ids.length > 3000;
  const manifest = { 'manifest.json': JSON.stringify({ builds, last_run_uuid: 'run' }) };
  const byIds = many ? { manifest: 'manifest.json' } : { images: ids.join('\n') };
  const what = task.by === 'name' ? { 'match-name': `${stage.name}*`, 'trusted-owners': stage.owner } : byIds;
  const files = many && task.by !== 'name' ? manifest : {};
  const inputs = { ...inputsFor(where, stage, task.login), ...what };
  const { measured, outcome } = await withAuthority(where, (env) =>
    action(dist, inputs, files, { ...task.env, ...env }),
  );
  if (outcome !== 'success') throw new Error(`the action ended with ${outcome}:\n${measured.output}`);
  return measured;
}

function idsOf({ images }: Stage, { few }: Task): readonly string[] {
  return images.slice(0, few ?? images.length);
}

async function withAuthority<T>({ ca }: Where, work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  if (ca === undefined) return work({});
  const folder = mkdtempSync(join(tmpdir(), 'bench-ca-'));
  writeFileSync(join(folder, 'ca.pem'), ca);
  return work({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }).finally(() => rmSync(folder, { recursive: true }));
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
  env: Readonly<Record<string, string>> = {},
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
    ...env,
  });
  const { outcome = 'no outcome' } = parseOutputs(readFileSync(join(folder, 'output'), 'utf8'));
  rmSync(folder, { recursive: true });
  return { measured, outcome };
}

function floorVariables(where: Where, stage: Stage, task: Task): Record<string, string> {
  const { user, password, domain } = stage;
  const ids = idsOf(stage, task);
  const what =
    task.by === 'name' ? { FLOOR_NAME: stage.name } : { FLOOR_IMAGES: ids.join(','), FLOOR_IMAGE: ids[0] ?? '' };
  return {
    FLOOR_IAM: where.iamUrl,
    FLOOR_IMS: where.imsUrl,
    FLOOR_PROJECT: stage.projects[0] ?? '',
    ...what,
    ...(task.login === 'password'
      ? { FLOOR_TOKEN: '', FLOOR_LOGIN: JSON.stringify({ user, password, domain }) }
      : { FLOOR_TOKEN: stage.token }),
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
