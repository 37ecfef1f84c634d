/**
 * The runner's protocol: workflow commands on stdout, and the files for outputs and the job summary.
 *
 * This is the only file that touches @actions/core, and takes the workflow commands from it. It goes past the package's index, because the index loads an HTTP
 * client that this action does not use and that alone would double the start-up time.
 */
import { issueCommand } from '../../node_modules/@actions/core/lib/command.js';
import { appendTo, keyValue } from './file-commands.ts';

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
  /** Sets an output of the step. Throws when the file cannot be written. */
  setOutput(name: string, value: string): void;
  /** Adds to the job summary. Throws when the file cannot be written. */
  appendSummary(markup: string): void;
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
  /** Outside a runner there are no files; the action then still runs, and says what it could not hand over. */
  const toFile = (file: 'OUTPUT' | 'STEP_SUMMARY', what: string, text: string): void => {
    const path = process.env[`GITHUB_${file}`] ?? '';
    if (path === '') command('debug', {}, `GITHUB_${file} is not set: ${what} is not handed over`);
    else appendTo(path, text);
  };
  return {
    isDebug: process.env['RUNNER_DEBUG'] === '1',
    line: (text) => {
      process.stdout.write(`${text}\n`);
    },
    command,
    addMask: (value) => command('add-mask', {}, value),
    setOutput: (name, value) => toFile('OUTPUT', `output ${name}`, keyValue(name, value)),
    flush: () => new Promise((done) => process.stdout.write('', () => done())),
    appendSummary: (markup) => toFile('STEP_SUMMARY', 'the job summary', markup),
  };
}
