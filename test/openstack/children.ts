/**
 * Child processes of the bed. All of them are ended together, also after a failure or Ctrl-C.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Nothing of this process's own environment reaches a child but these: proxies and Python settings would change its answers. */
const KEPT = ['PATH', 'HOME', 'LANG', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR'];

const running = new Set<ChildProcess>();

export interface Ended {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

export interface RunOptions {
  /** Added to the few variables that a child gets; `inherit` gives it all of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly inherit?: boolean;
}

/** run starts a program and waits for its end. A program that cannot be started ends with code `null`. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(program, args, { env: variables(options), stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return new Promise((done) => {
    const end = (code: number | null) => {
      running.delete(child);
      done({ code, text });
    };
    child.on('error', (error) => {
      text += error.message;
      end(null);
    });
    child.on('close', end);
  });
}

/** serve starts a server and gives the port that it prints, as `port 4711`, once it listens. All else that it prints goes to the log. */
export function serve(
  program: string,
  args: readonly string[],
  log: string,
  options: RunOptions = {},
): Promise<number> {
  const child = spawn(program, args, { env: variables(options), stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  const file = createWriteStream(log);
  child.stderr.pipe(file);
  return new Promise((done, fail) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, port] = /^port (\d+)$/.exec(line) ?? [];
      if (port === undefined) file.write(`${line}\n`);
      else done(Number(port));
    });
    child.on('error', fail);
    child.on('close', (code) => {
      running.delete(child);
      fail(new Error(`${args.join(' ')} ended with code ${code}`));
    });
  });
}

function variables({ env = {}, inherit = false }: RunOptions): Record<string, string | undefined> {
  if (inherit) return { ...process.env, ...env };
  return { ...Object.fromEntries(KEPT.map((name) => [name, process.env[name]])), ...env };
}

/** endAll ends every child that still runs, and waits until they are gone. */
export async function endAll(): Promise<void> {
  const ends = [...running].map((child) => new Promise((done) => child.once('close', done)));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
}
