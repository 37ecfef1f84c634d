/**
 * The action from the process's environment to its exit: read the inputs, run, publish.
 */
import { readFileSync } from 'node:fs';
import { systemClock } from './clock.ts';
import { Transport } from './cloud/transport.ts';
import type { Reading } from './config.ts';
import { readInputs } from './inputs/index.ts';
import { readProxies } from './inputs/proxy.ts';
import type { RunReport } from './model.ts';
import { pendingStatus, statusFor } from './report/commit-status.ts';
import { publish } from './report/index.ts';
import { createLog } from './report/log.ts';
import { redactReport } from './report/redact.ts';
import { succeeds } from './report/wording.ts';
import { explain } from './run/explain.ts';
import { rejectedInputs } from './run/rejected.ts';
import { StatusGate, type StatusModule } from './run/status-gate.ts';
import { run } from './run.ts';
import { readContext } from './runner/context.ts';
import { createToolkit } from './runner/toolkit.ts';
import { SecretBook } from './secret.ts';

/**
 * act does the whole job and tells whether the step has succeeded.
 * @param cancel aborted when the runner cancels the run
 * @param loadStatus loads the bundle with GitHub's client
 */
export async function act(
  env: NodeJS.ProcessEnv,
  cancel: AbortSignal,
  loadStatus: () => Promise<StatusModule>,
): Promise<boolean> {
  const toolkit = createToolkit();
  const book = new SecretBook(toolkit.addMask);
  const redact = (text: string) => book.redact(text);
  const log = createLog({ sink: toolkit, redact, now: systemClock.now });
  const transport = new Transport({ ...readProxies(env) });
  try {
    const startedAt = systemClock.now();
    const reading = readInputs(env, book);
    const reporting = reportingOf(reading);
    const context = readContext(env, (path) => readFileSync(path, 'utf8'));
    const gate = new StatusGate(reporting.commitStatus, {
      transport,
      clock: systemClock,
      log,
      context,
      load: loadStatus,
    });
    let report: RunReport;
    if (reading.ok) {
      // Not waited for: the run begins while the gate is being closed, but it ends no sooner than that.
      void gate.publish(pendingStatus());
      report = await run(reading.config, { transport, clock: systemClock, log, hide: book.hide, redact, cancel });
    } else {
      report = rejectedInputs(reading, startedAt, systemClock.now());
    }
    publish(report, { reporting, files: toolkit, log, context, redact });
    await gate.publish(statusFor(redactReport(report, redact)), cancel.aborted);
    return succeeds(report.outcome);
  } catch (error) {
    // Nothing above should throw. Should it do so all the same, a stack trace would print what nobody has escaped or redacted.
    const { cause, cure } = explain(error);
    log.error('The action failed', `${log.quote(cause)}\n${cure}`);
    return false;
  } finally {
    transport.close();
  }
}

function reportingOf(reading: Reading) {
  return reading.ok ? reading.config.reporting : reading.known.reporting;
}
