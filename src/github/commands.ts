/**
 * The runner's protocol: workflow commands on stdout, and the files for outputs and the job summary.
 *
 * The only file that uses @actions/core, for workflow commands. It bypasses the package's index, which loads an HTTP client that this
 * action does not use and that alone would double the start-up time. The file commands are written here, because the package's own load
 * `node:crypto` for a random delimiter.
 */
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { issueCommand } from '../../node_modules/@actions/core/lib/command.js';

/** Toolkit is what the action can tell the runner. */
export interface Toolkit {
  /** Whether the run was started with debug logging (`RUNNER_DEBUG=1`). */
  readonly isDebug: boolean;
  /** Writes one line to the log. The caller has escaped it. */
  line(text: string): void;
  /** Issues a workflow command such as `::warning title=…::message`. */
  command(name: string, properties: Readonly<Record<string, string>>, message: string): void;
  /** Tells the runner to show `***` for this value in every log line from now on. */
  addMask(value: string): void;
  /** Sets outputs of the step. False if there is no runner that names a file for them; throws if the file cannot be written. */
  setOutputs(values: Readonly<Record<string, string>>): boolean;
  /** Adds to the job summary; false and throws likewise. */
  appendSummary(markup: string): boolean;
  /** Resolves when all that was written to standard output has been handed over, or cannot be. */
  flush(): Promise<void>;
}

/**
 * createToolkit binds the protocol to this process: its stdout and its `GITHUB_*` variables.
 * @param onBroken told when standard output cannot be written to: its reader has gone, or its disk is full
 */
export function createToolkit(onBroken: () => void = () => {}): Toolkit {
  process.stdout.on('error', onBroken);
  const command: Toolkit['command'] = (name, properties, message) => issueCommand(name, properties, message);
  return {
    isDebug: process.env['RUNNER_DEBUG'] === '1',
    line: (text) => {
      process.stdout.write(`${text}\n`);
    },
    command,
    addMask: (value) => command('add-mask', {}, value),
    setOutputs: (values) =>
      appendTo(
        process.env['GITHUB_OUTPUT'],
        Object.entries(values).map(([name, value]) => keyValue(name, value)),
      ),
    appendSummary: (markup) => appendTo(process.env['GITHUB_STEP_SUMMARY'], [markup]),
    flush: () => new Promise((done) => process.stdout.write('', () => done())),
  };
}

/** Opened without creating it, because the runner has made the file, and without blocking, because a FIFO would hold the run up. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);

function appendTo(path: string | undefined, lines: readonly string[]): boolean {
  if (path === undefined || path === '') return false;
  const file = openSync(path, APPEND);
  try {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  } finally {
    closeSync(file);
  }
  return true;
}

/** keyValue renders a name and a value of any number of lines. The delimiter does not occur in the value, so it need not be random. */
export function keyValue(name: string, value: string): string {
  let count = 0;
  while (value.includes(`ghadelimiter_${count}`)) count++;
  const delimiter = `ghadelimiter_${count}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}
