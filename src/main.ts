/**
 * The process: signals in, exit code out. The only file that does something when it is loaded.
 */
import { act } from './action.ts';

const cancel = new AbortController();
/** A cancelled run ends itself within three seconds; the runner would kill it after ten. */
const LAST_MOMENT = 2_700;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (cancel.signal.aborted) return;
    cancel.abort();
    setTimeout(() => process.exit(1), LAST_MOMENT).unref();
  });
}

const succeeded = await act(
  process.env,
  cancel.signal,
  () => import(/* webpackIgnore: true */ './github/commit-status/index.ts'),
);
process.exitCode = succeeded ? 0 : 1;
