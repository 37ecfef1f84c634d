/**
 * The action from the process's environment to its exit: read the inputs, run, publish.
 */
import { readFileSync } from 'node:fs';
import { systemClock } from './clock.ts';
import { Transport } from './cloud/transport.ts';
import type { Reading } from './config.ts';
import type { Toolkit } from './github/commands.ts';
import { readContext } from './github/context.ts';
import { type StatusModule, StatusPublisher } from './github/publisher.ts';
import { readInputs } from './inputs/index.ts';
import { readProxies } from './inputs/proxy.ts';
import { rejectedInputs } from './inputs/rejection.ts';
import type { RunReport } from './model.ts';
import { publish } from './report/index.ts';
import { createLog } from './report/log.ts';
import { redactReport } from './report/redact.ts';
import { pendingStatus, statusFor, unpublishedStatus } from './report/status-text.ts';
import { succeeds } from './report/wording.ts';
import { explain } from './run/explain.ts';
import { run } from './run/index.ts';
import { SecretRegistry } from './secret.ts';

/**
 * act does the whole job and tells whether the step has succeeded.
 * @param toolkit the runner's protocol
 * @param cancel aborted when the runner cancels the run
 * @param loadStatus loads the bundle with GitHub's client
 */
export async function act(
  env: NodeJS.ProcessEnv,
  toolkit: Toolkit,
  cancel: AbortSignal,
  loadStatus: () => Promise<StatusModule>,
): Promise<boolean> {
  const secrets = new SecretRegistry(toolkit.addMask);
  const redact = (text: string) => secrets.redact(text);
  const log = createLog({ sink: toolkit, redact, now: systemClock.now });
  const transport = new Transport(readProxies(env));
  try {
    const startedAt = systemClock.now();
    const reading = readInputs(env, secrets, startedAt);
    const reporting = reportingOf(reading);
    const context = readContext(env, (path) => readFileSync(path, 'utf8'));
    const statusPublisher = new StatusPublisher(reporting.commitStatus, {
      transport,
      clock: systemClock,
      log,
      context,
      load: loadStatus,
    });
    let report: RunReport;
    if (reading.ok) {
      // Not waited for: the run begins while the gate is being closed, but it ends no sooner than that.
      void statusPublisher.publish(pendingStatus());
      report = await run(reading.config, { transport, clock: systemClock, log, hide: secrets.hide, redact, cancel });
    } else {
      report = rejectedInputs(reading, startedAt, systemClock.now());
    }
    const published = publish(report, { reporting, files: toolkit, log, context, redact });
    const status = published ? statusFor(redactReport(report, redact)) : unpublishedStatus();
    await statusPublisher.publish(status, cancel.aborted);
    return published && succeeds(report.outcome);
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
