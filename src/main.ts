/**
 * The process: signals in, exit code out. The only file that does something when it is loaded.
 */
import { act, reportUncaught } from './action.ts';
import { createToolkit } from './github/commands.ts';
import { isTooOld, refuseNode } from './github/node-version.ts';
import type { StatusModule } from './github/publisher.ts';

const cancel = new AbortController();
/** A cancelled run ends itself within three seconds; the runner would kill it after ten. */
const LAST_MOMENT = 2_700;

function stop(): void {
  if (cancel.signal.aborted) return;
  cancel.abort();
  // The verdict stands if it is there already and only the log is still being read.
  setTimeout(() => process.exit(), LAST_MOMENT).unref();
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
// If the log is no longer read, the run ends like a cancelled one, so that outputs, summary and status are still written.
const toolkit = createToolkit(stop);

// Node would end at once, without outputs.
process.on('uncaughtException', (error) => {
  reportUncaught(error, toolkit);
  stop();
});

/** GitHub's client reads the event file when it is loaded, and throws if it is no JSON. This action reads it tolerantly on its own. */
async function loadStatus(): Promise<StatusModule> {
  const { GITHUB_EVENT_PATH } = process.env;
  delete process.env['GITHUB_EVENT_PATH'];
  try {
    return await import(/* webpackIgnore: true */ './github/commit-status/index.ts');
  } finally {
    if (GITHUB_EVENT_PATH !== undefined) process.env['GITHUB_EVENT_PATH'] = GITHUB_EVENT_PATH;
  }
}

/** A function, because the bundler makes every module that waits at its top level slower to load. */
async function main(): Promise<void> {
  // A program that waits for nothing any more ends with this code, and 0 without a verdict would be a green step.
  process.exitCode = 1;
  const succeeded = isTooOld(process.versions.node)
    ? refuseNode(toolkit, process.versions.node)
    : await act(process.env, toolkit, cancel.signal, loadStatus);
  process.exitCode = succeeded ? 0 : 1;
  await toolkit.flush();
  // Exits explicitly, because a peer or a proxy may still hold a socket open.
  process.exit();
}

void main();
