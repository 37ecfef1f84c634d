/**
 * Runs the built action as the runner does: a child process with inputs in its environment and files for outputs and summary.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { requireNoLeak } from './leaks.ts';

/** The bundle under test: the committed one, or the one that ACTION_DIST names, for work in progress. */
export const DIST = resolve(import.meta.dirname, '../..', process.env['ACTION_DIST'] ?? 'dist', 'index.js');

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** One row of the output `results`. */
export interface Row {
  readonly image: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly project: string | null;
  readonly previous: string | null;
  readonly current: string | null;
  readonly outcome: string;
  readonly verified: boolean;
  readonly imageStatus: string | null;
  readonly jobId: string | null;
  readonly errorCode: string | null;
  readonly message: string | null;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams as the runner reads them. */
  readonly log: string;
  readonly commands: readonly Command[];
  /** Debug lines; every run is made with debug logging, but its lines are kept out of the log unless RUNNER_DEBUG is given. */
  readonly debug: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly results: readonly Row[];
  readonly summary: string;
  readonly workspace: string;
  readonly milliseconds: number;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

export type Inputs = Readonly<Record<string, string | undefined>>;

export interface StartOptions {
  /** Further environment variables; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Files to lay into the workspace beforehand, by relative path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly workspace?: string;
  /** Another bundle than the one under test. */
  readonly bundle?: string;
}

/**
 * start spawns the action; nothing of this process's own environment reaches it but PATH. `finished` rejects if a secret is
 * found in anything that the run has left behind.
 */
export function start(
  inputs: Inputs,
  { env = {}, files = {}, workspace = mkdtempSync(join(tmpdir(), 'ims-')), bundle = DIST }: StartOptions = {},
): Started {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(workspace, path, '..'), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const runner = mkdtempSync(join(tmpdir(), 'runner-'));
  const file = (name: string) => {
    writeFileSync(join(runner, name), '');
    return join(runner, name);
  };
  const paths = { output: file('output'), summary: file('summary'), state: file('state') };
  const variables: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: paths.output,
    GITHUB_STEP_SUMMARY: paths.summary,
    GITHUB_STATE: paths.state,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/platform',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_ACTOR: 'octocat',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_EVENT_NAME: 'push',
    RUNNER_DEBUG: '1',
    ...inputVariables(inputs),
    ...env,
  };
  const defined = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const begun = performance.now();
  const child = spawn(process.execPath, [bundle], { cwd: workspace, env: defined, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    log += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    log += text;
  });
  const finished = new Promise<Finished>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      const outputs = parseOutputs(readFileSync(paths.output, 'utf8'));
      const summary = readFileSync(paths.summary, 'utf8');
      const state = readFileSync(paths.state, 'utf8');
      const rawOutputs = readFileSync(paths.output, 'utf8');
      rmSync(runner, { recursive: true, force: true });
      try {
        const receipt = receiptOf(inputs, workspace);
        requireNoLeak({ stdout, stderr, log, outputs: rawOutputs, summary, state, receipt }, variables);
      } catch (error) {
        fail(error as Error);
        return;
      }
      const keep = env['RUNNER_DEBUG'] === undefined ? withoutDebug : (text: string) => text;
      done({
        code,
        signal,
        stdout: keep(stdout),
        stderr,
        log: keep(log),
        debug: log.split('\n').filter((line) => line.startsWith('::debug::')),
        commands: parseCommands(keep(log)),
        outputs,
        results: outputs['results'] === undefined ? [] : (JSON.parse(outputs['results']) as Row[]),
        summary,
        workspace,
        milliseconds: performance.now() - begun,
      });
    });
  });
  return { child, finished };
}

function withoutDebug(text: string): string {
  return text.replaceAll(/^::debug::.*\n/gm, '');
}

/** The receipt is a file too; empty if none was requested or written. */
function receiptOf(inputs: Inputs, workspace: string): string {
  const path = inputs['results-file'];
  if (path === undefined || path === '') return '';
  try {
    return readFileSync(resolve(workspace, path), 'utf8');
  } catch {
    return '';
  }
}

/** runAction spawns the action and waits for its end. */
export function runAction(inputs: Inputs, options: StartOptions = {}): Promise<Finished> {
  return start(inputs, options).finished;
}

/** inputVariables names inputs as the runner does: upper case, blanks to underscores, hyphens kept. */
export function inputVariables(inputs: Inputs): Record<string, string> {
  const pairs = Object.entries(inputs).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(pairs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}

/** parseOutputs reads the runner's file format: `name<<delimiter`, lines, `delimiter`. */
export function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const head = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '');
    if (head === null) continue;
    const [, name = '', delimiter = ''] = head;
    const end = lines.indexOf(delimiter, at + 1);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

/**
 * parseCommands finds workflow commands as the runner does: it splits lines at LF, CR LF and a bare CR, takes `::name` where a line
 * begins with it after white space of every kind, and the older `##[name]` anywhere in a line.
 */
export function parseCommands(log: string): Command[] {
  const decode = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return log.split(/\r\n|\n|\r/).flatMap((line): Command[] => {
    const command = /^::([^ :]+)(?: (.*?))?::(.*)$/s.exec(line.replace(/^[\s\u0085\u00a0]+/, ''));
    if (command !== null) {
      const [, name = '', properties = '', message = ''] = command;
      const pairs = properties === '' ? [] : properties.split(',').map((pair) => pair.split(/=(.*)/s));
      return [
        {
          name,
          message: decode(message),
          properties: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, decode(value)])),
        },
      ];
    }
    const old = /##\[([^\]]*)\](.*)/s.exec(line);
    return old === null ? [] : [{ name: `##[${old[1]}]`, properties: {}, message: old[2] ?? '' }];
  });
}
