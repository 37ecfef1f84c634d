/**
 * The runner's protocol: workflow commands on stdout, and the files for outputs and the job summary.
 *
 * The only file that uses @actions/core, for workflow commands. It bypasses the package's index, which loads an HTTP client that this
 * action does not use and that alone would double the start-up time. The file commands are written here, because the package's own load
 * `node:crypto` for a random delimiter.
 */
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { issueCommand } from '../../node_modules/@actions/core/lib/command.js';

/** Toolkit is everything the action can send to the runner. */
export type Toolkit = ReturnType<typeof createToolkit>;

/**
 * createToolkit binds the protocol to this process: its stdout and its `GITHUB_*` variables.
 * @param onBroken called when standard output cannot be written to, because its reader has gone or its disk is full
 */
export function createToolkit(onBroken?: () => void) {
  if (onBroken !== undefined) process.stdout.on('error', onBroken);
  return {
    /** Whether the run was started with debug logging (`RUNNER_DEBUG=1`). */
    isDebug: process.env['RUNNER_DEBUG'] === '1',
    /** Writes one line to the log. The caller has escaped it. */
    line: (text: string) => void process.stdout.write(`${text}\n`),
    /** Issues a workflow command such as `::warning title=…::message`. */
    command: (name: string, properties: Readonly<Record<string, string>>, message: string): void =>
      issueCommand(name, properties, message),
    /** Tells the runner to show `***` for this value in every log line from now on. */
    addMask: (value: string) => issueCommand('add-mask', {}, value),
    /** Sets outputs of the step. False if GITHUB_OUTPUT is not set; throws if the file cannot be written. */
    setOutputs: (values: Readonly<Record<string, string>>) => {
      const lines = Object.entries(values).map(([name, value]) => keyValue(name, value));
      return appendTo(process.env['GITHUB_OUTPUT'], lines.join('\n'));
    },
    /** Adds to the job summary. False if GITHUB_STEP_SUMMARY is not set; throws if the file cannot be written. */
    appendSummary: (markup: string) => appendTo(process.env['GITHUB_STEP_SUMMARY'], markup),
    /** Resolves when standard output has been written, or cannot be. */
    flush: () =>
      new Promise<void>((done) => {
        setTimeout(done, STALLED);
        process.stdout.write('', () => done());
      }),
  };
}

/** The longest wait for a stalled reader of the log, in milliseconds. */
const STALLED = 5_000;

/** The runner has created the file. Opening does not block, because a FIFO without a reader would never open; Windows has neither. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK;

function appendTo(path: string | undefined, text: string): boolean {
  if (path === undefined || path === '') return false;
  const file = openSync(path, APPEND);
  try {
    writeFileSync(file, `${text}\n`);
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
