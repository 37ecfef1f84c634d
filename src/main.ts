/**
 * The process: signals in, exit code out. The only file that does something when it is loaded.
 */
import { act } from './action.ts';
import { createToolkit } from './github/commands.ts';

const cancel = new AbortController();
/** A cancelled run ends itself within three seconds; the runner would kill it after ten. */
const LAST_MOMENT = 2_700;

function stop(): void {
  if (cancel.signal.aborted) return;
  cancel.abort();
  setTimeout(() => process.exit(1), LAST_MOMENT).unref();
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
// If nobody reads the log any more, the run ends like a cancelled one, so that outputs, summary and status are still written.
const toolkit = createToolkit(stop);

const succeeded = await act(
  process.env,
  toolkit,
  cancel.signal,
  () => import(/* webpackIgnore: true */ './github/commit-status/index.ts'),
);
await toolkit.flush();
// Called outright, because a peer or a proxy may still hold a socket open.
process.exit(succeeded ? 0 : 1);
