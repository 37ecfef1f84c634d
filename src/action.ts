/**
 * One run of the action: read the inputs, run, publish.
 */
import { readFileSync, statSync } from 'node:fs';
import { systemClock } from './clock.ts';
import type { Toolkit } from './github/commands.ts';
import { readContext } from './github/context.ts';
import { type StatusModule, StatusPublisher } from './github/publisher.ts';
import { readInputs } from './inputs/index.ts';
import { readProxies } from './inputs/proxy.ts';
import { rejectedInputs } from './inputs/rejection.ts';
import type { RunReport } from './model.ts';
import { REPORT_BUG, unexpected } from './problem.ts';
import { publish, publishNothing, publishVerdict } from './report/index.ts';
import { createLog } from './report/log.ts';
import { redactReport } from './report/redact.ts';
import { pendingStatus, statusFor, unpublishedStatus } from './report/status-text.ts';
import { succeeds } from './report/wording.ts';
import { SecretRegistry } from './secret.ts';
import { VERSION } from './version.ts';

/**
 * act runs the action and returns whether the step succeeds.
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
  const proxies = readProxies(env);
  toolkit.line(`ims-members-action ${VERSION}`);
  log.debug(`ims-members-action ${VERSION}, Node ${process.versions.node}, ${process.platform} ${process.arch}`);
  let report: RunReport | null = null;
  try {
    const startedAt = systemClock.now();
    const reading = readInputs(env, secrets, startedAt);
    const { reporting } = reading.ok ? reading.config : reading.known;
    const context = readContext(env, readRegularFile);
    const { commitStatus } = reporting;
    const deadline = reading.ok ? startedAt + reading.config.timeout : Number.POSITIVE_INFINITY;
    const tools = { clock: systemClock, log, context, proxies, load: loadStatus, cancel, deadline };
    const statusPublisher = commitStatus === null ? null : new StatusPublisher(commitStatus, tools);
    if (reading.ok) {
      // A part of the bundle of its own, which a run with a mistake in its inputs does not load.
      const { run } = await import('./run/index.ts');
      statusPublisher?.begin(pendingStatus());
      report = await run(reading.config, { proxies, clock: systemClock, log, hide: secrets.hide, redact, cancel });
    } else {
      for (const warning of reading.known.warnings) log.warning(warning);
      report = rejectedInputs(reading, startedAt, systemClock.now());
    }
    const clean = redactReport(report, redact);
    const published = publish(clean, { reporting, files: toolkit, log, context });
    await statusPublisher?.end(published ? statusFor(clean) : unpublishedStatus());
    publishVerdict(clean, log);
    return published && succeeds(report.outcome);
  } catch (error) {
    // Nothing above should throw. If something does, a stack trace would print text that is neither escaped nor redacted.
    const { cause, cure } = unexpected(error);
    log.error('The action failed', `${log.quote(cause)}\n${cure}`);
    if (report === null) publishNothing(toolkit);
    return false;
  }
}

/** reportUncaught tells where an error came from. Its message may hold foreign text, which is neither escaped nor redacted. */
export function reportUncaught(error: unknown, toolkit: Toolkit): void {
  const stack = error instanceof Error ? `${error.stack}` : '';
  const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
  toolkit.command('error', { title: 'Something unexpected happened' }, [REPORT_BUG, ...frames].join('\n'));
}

/** The event file. Anything else at its path, such as a FIFO, could keep the run waiting. */
function readRegularFile(path: string): string {
  return statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
}
