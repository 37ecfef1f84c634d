/**
 * A run from the configuration to the report: its steps in their order. Whatever happens, a report comes out.
 */

import type { Clock } from '../clock.ts';
import { ServiceClient } from '../cloud/client.ts';
import { pickRegion } from '../cloud/endpoints.ts';
import { createLogin, type Login, refusalHint } from '../cloud/login/index.ts';
import { Transport } from '../cloud/transport.ts';
import type { Config } from '../config.ts';
import { deadlineAfter, RunStopped } from '../deadline.ts';
import type { ImageFacts } from '../decide/facts.ts';
import { projectsProblem } from '../decide/needs.ts';
import { encryptedNotice } from '../decide/verdict.ts';
import { jobWorkflowRefOf, requestIdToken } from '../github/id-token.ts';
import { waitsForShares } from '../members/question.ts';
import type { RunReport } from '../model.ts';
import { pool } from '../pool.ts';
import { ProblemError, problem } from '../problem.ts';
import type { Proxies } from '../proxies.ts';
import type { Log } from '../report/log.ts';
import type { Hide, Redact } from '../secret.ts';
import { plural } from '../values.ts';
import { change } from './change.ts';
import { explain, timeLimitProblem } from './explain.ts';
import { confirmObstacles, judgeImages, look, requireReadable } from './look.ts';
import { open } from './open.ts';
import { prove, proveOnce } from './prove.ts';
import { MemberProject, type OpenProject, RunRecord } from './record.ts';
import { forEachProject, PROJECTS_AT_ONCE, type RunContext, warn } from './run-context.ts';
import { awaitShares, isHopeless, waitingFor } from './shares.ts';

/** What a run needs from the process around it. */
export interface RunTools {
  readonly proxies: Proxies;
  readonly clock: Clock;
  readonly log: Log;
  readonly hide: Hide;
  readonly redact: Redact;
  /** Aborted when the run is cancelled. */
  readonly cancel: AbortSignal;
}

/** How long the last reading of the members may take once the run's time is up. */
const LAST_LOOK = 10_000;

/** run does what the configuration asks for and never throws. */
export async function run(config: Config, tools: RunTools): Promise<RunReport> {
  const { clock, log } = tools;
  const record = new RunRecord(config, membersOf(config), clock.now());
  let deadline = deadlineAfter(config.timeout, tools.cancel);
  const context: RunContext = {
    config,
    record,
    log,
    clock,
    get signal() {
      return deadline.signal;
    },
  };
  const transport = new Transport(tools.proxies);
  const login = openLogin(context, transport, tools);
  let opened: readonly OpenProject[] = [];
  try {
    for (const note of config.notes) log.line(note);
    for (const warning of config.warnings) warn(context, warning);
    log.group('Log in and look');
    opened = await open(context, login, (url) => transport.connect(url, config.requestTimeout));
    await steps(context, opened);
  } catch (error) {
    end(context, error);
  }
  deadline.end();
  if (record.stopped === 'timeout') {
    deadline = deadlineAfter(LAST_LOOK, tools.cancel);
    log.line('Time is up: reading the members a last time');
    await pool(opened, PROJECTS_AT_ONCE, (member) => proveOnce(context, member)).catch((error) => end(context, error));
    deadline.end();
  }
  transport.close();
  noteOtherApi(record, opened);
  log.endGroup();
  const report = record.report(clock.now());
  const notice = encryptedNotice(report.results, config.status);
  if (notice === null) return report;
  log.notice(notice);
  return { ...report, notes: [...report.notes, notice] };
}

async function steps(context: RunContext, opened: readonly OpenProject[]): Promise<void> {
  const { config, record, log } = context;
  await forEachProject(context, opened, look);
  if (record.problems.length > 0) return;
  const misfit = projectsProblem(record.members, config.vaults);
  if (misfit !== null) throw new ProblemError(misfit);
  requireReadable(context);
  await judge(context, opened);
  const obstacles = record.members.flatMap((member) => member.with(({ obstacle }) => obstacle !== null));
  if (config.mode !== 'check' && obstacles.length > 0) {
    log.line(`Stopping before any change: ${plural(obstacles.length, 'image')} cannot be ${config.status}`);
    return;
  }
  record.blocked = false;
  if (config.mode !== 'apply') return;
  log.group('Change');
  await change(context, opened);
  if (!config.wait) {
    if (record.jobIds.length > 0)
      warn(
        context,
        '`wait` is false: the jobs are submitted, but nothing is proven. Have a later run with `mode: check` prove it.',
      );
    return;
  }
  log.group('Prove');
  await forEachProject(context, opened, prove);
}

/** Judges every image; those that are not shared yet may get time to arrive, unless something else stops the run anyway. */
async function judge(context: RunContext, opened: readonly OpenProject[]): Promise<void> {
  await forEachProject(context, opened, async (_, member) => {
    judgeImages(context, member, member.facts.keys());
    await confirmObstacles(context, member, 'others');
  });
  requireReadable(context);
  if (waitsForShares(context.config) && !isHopeless(context)) {
    const waiting = opened.filter((member) => waitingFor(member).length > 0);
    await forEachProject(context, waiting, awaitShares, waiting.length);
  }
  await forEachProject(context, opened, (_, member) => confirmObstacles(context, member, 'not-shared'));
  requireReadable(context);
}

function end({ record, log }: RunContext, error: unknown): void {
  if (error instanceof RunStopped) {
    record.stopped ??= error.reason;
    // A cancellation outranks a time-out: it ends the last look too.
    if (error.reason === 'cancelled') record.stopped = 'cancelled';
    log.line(`Stopping: ${error.message}`);
    // Whoever cancelled a run knows why.
    if (error.reason === 'timeout') record.timedOut ??= timeLimitProblem(record, error.cause);
    return;
  }
  record.problem(explain(error));
}

function openLogin(context: RunContext, transport: Transport, { hide, redact, clock, log }: RunTools): Login {
  const { config } = context;
  const client = new ServiceClient({
    transport,
    clock,
    retries: config.retries,
    requestTimeout: config.requestTimeout,
    get signal() {
      return context.signal;
    },
    hide,
    redact,
    certificateHint: config.hints.certificate,
    debug: log.debug,
    onRetry: ({ call, code, status, detail }, delay) =>
      log.line(
        `${call}: ${code ?? (status === null ? detail : `HTTP ${status}`)}; trying again in ${(delay / 1000).toFixed(1)} s`,
      ),
  });
  const { credentials, agency } = config;
  return createLogin(credentials, agency, {
    client,
    clock,
    idToken: async () => {
      if (credentials.method !== 'oidc') throw new Error('an ID token is only for OIDC');
      const token = await requestIdToken(client, credentials);
      context.record.jobWorkflowRef = jobWorkflowRefOf(token);
      return token;
    },
    onRenewal: () => log.line('The token had expired: logged in again'),
    refusalHint: refusalHint(config),
    projectHint: config.hints.project,
    regionHint: config.hints.region,
  });
}

function membersOf(config: Config): readonly MemberProject[] {
  const { projects, selection } = config;
  const ids = selection.by === 'ids' ? selection.ids : [];
  const given = projects.length === 0 ? [''] : projects;
  return given.map((project) => new MemberProject(project, pickRegion(config, project), ids));
}

/**
 * Adds a hint if something went wrong at a host that answers like plain OpenStack. It never changes what is called: an answer of a proxy
 * must not decide that.
 */
function noteOtherApi(record: RunRecord, opened: readonly OpenProject[]): void {
  const other = opened.find(({ reader }) => reader.sources.looksLikeOpenStack);
  const isWrong = ({ obstacle, refusal }: ImageFacts) => obstacle !== null || refusal !== null;
  const wentWrong = record.problems.length > 0 || record.members.some((member) => member.with(isWrong).length > 0);
  if (other === undefined || !wentWrong) return;
  record.problem(
    problem({
      cause: `${new URL(other.session.serviceUrl).host} answers like the image service of plain OpenStack: it does not have the list of IMS.`,
      cure: 'If this cloud is plain OpenStack, set `api: openstack`.',
    }),
  );
}
