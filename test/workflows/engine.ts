/**
 * Runs one workflow with act on this machine, without containers and without network, and reads what happened from its log.
 */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { tookTooLong } from './tools.ts';

/** One job as it ran; a job of a matrix once for each combination. A skipped job does not appear at all. */
export interface JobRun {
  /** The key in the workflow file. */
  readonly id: string;
  /** Unique in the run. */
  readonly name: string;
  result: string | null;
  /** By step ID, then by output. */
  readonly outputs: Record<string, Record<string, string>>;
  /** The only text to rely on: act sometimes loses the last lines that a short step prints. */
  summary: string;
}

export interface EngineRun {
  readonly exit: number;
  readonly jobs: readonly JobRun[];
  /** All lines, for a person. */
  readonly transcript: string;
}

export interface Order {
  readonly act: string;
  /** The staged repository. */
  readonly repository: string;
  /** File name in `.github/workflows`. */
  readonly workflow: string;
  readonly event: string;
  readonly home: string;
  /** Folder of stand-ins for programs that steps call, such as gh. */
  readonly programs: string;
  readonly env: Record<string, string>;
  readonly secrets: Record<string, string>;
  readonly variables: Record<string, string>;
  readonly inputs: Record<string, string>;
  /** `owner/name@ref` to the folder that is used in its place. */
  readonly actions: Record<string, string>;
}

/** A workflow runs for seconds. This only ends one that hangs, also on a machine that is very slow. */
const LIMIT_MS = 20 * 60_000;

/** runWorkflow resolves when act has ended. A failed job is a result; a run that exceeds the time limit is an error. */
export async function runWorkflow(order: Order): Promise<EngineRun> {
  const child = spawn(order.act, argumentsOf(order), {
    cwd: order.repository,
    env: environment(order.home, order.programs),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const jobs = new Map<string, JobRun>();
  const transcript: string[] = [];
  const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const line of createInterface({ input: stream })) take(line, jobs, transcript);
  };
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL' && child.killed) reject(new Error(`${order.workflow}: ${tookTooLong(LIMIT_MS)}`));
      else resolve(code ?? 1);
    });
  });
  const [exit] = await Promise.all([ended, read(child.stdout), read(child.stderr)]);
  return { exit, jobs: [...jobs.values()], transcript: transcript.join('\n') };
}

function argumentsOf(order: Order): string[] {
  const pairs = (flag: string, values: Record<string, string>): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    order.event,
    '--json',
    '--no-cache-server',
    ...['--workflows', join('.github/workflows', order.workflow)],
    ...['--container-daemon-socket', '-'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--platform', 'self-hosted=-self-hosted'],
    ...pairs('--local-repository', order.actions),
    ...pairs('--env', order.env),
    ...pairs('--secret', order.secrets),
    ...pairs('--var', order.variables),
    ...pairs('--input', order.inputs),
  ];
}

/**
 * Steps inherit act's environment, so it gets no more than it needs: no proxies, no credentials of this machine. Actions run with
 * the first node on the PATH, which therefore is this one.
 */
function environment(home: string, programs: string): Record<string, string> {
  const path = [programs, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), PATH: path, LANG: 'C.UTF-8' };
}

function take(line: string, jobs: Map<string, JobRun>, transcript: string[]): void {
  const entry = parse(line);
  const name = text(entry['job']).trim();
  transcript.push(`${name === '' ? '' : `[${name}] `}${text(entry['msg'], line).trimEnd()}`);
  if (name === '') return;
  const job = jobs.get(name) ?? {
    id: text(entry['jobID']),
    name,
    result: null,
    outputs: {},
    summary: '',
  };
  jobs.set(name, job);
  if (entry['jobResult'] !== undefined) job.result = text(entry['jobResult']);
  if (entry['command'] === 'summary') job.summary += text(entry['content']);
  if (entry['command'] === 'set-output') {
    const step = String(Array.isArray(entry['stepID']) ? entry['stepID'][0] : '');
    job.outputs[step] = { ...job.outputs[step], [text(entry['name'])]: text(entry['arg']) };
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function text(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
