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
import { jobWorkflowRefOf, requestIdToken } from '../github/id-token.ts';
import { waitsForShares } from '../members/question.ts';
import type { RunReport } from '../model.ts';
import { pool } from '../pool.ts';
import { ProblemError } from '../problem.ts';
import type { Proxies } from '../proxies.ts';
import type { Log } from '../report/log.ts';
import type { Hide } from '../secret.ts';
import { hasStatus } from '../values.ts';
import { change } from './change.ts';
import { explain } from './explain.ts';
import { guard } from './guard.ts';
import { confirmObstacles, judgeImages, look, requireReadable } from './look.ts';
import { open } from './open.ts';
import { noteOtherApi } from './other-api.ts';
import { prove, proveOnce } from './prove.ts';
import { MemberProject, type OpenProject, RunRecord } from './record.ts';
import { PROJECTS_AT_ONCE, plural, type RunContext, warn } from './run-context.ts';
import { awaitShares, isHopeless, waitingFor } from './shares.ts';
import { timeLimitProblem } from './time-limit.ts';

/** What a run needs from the process around it. */
export interface RunTools {
  readonly proxies: Proxies;
  readonly clock: Clock;
  readonly log: Log;
  readonly hide: Hide;
  readonly redact: (text: string) => string;
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
  const notice = encryptedNotice(report);
  if (notice === null) return report;
  log.notice(notice);
  return { ...report, notes: [...report.notes, notice] };
}

/** An encrypted image is usable only with its owner's key, and the member cannot see whether the key is granted. */
function encryptedNotice({ status, results }: RunReport): string | null {
  const encrypted =
    status === 'accepted' ? results.filter((result) => result.kind.encrypted === true && hasStatus(result)) : [];
  const [first] = encrypted;
  if (first === undefined) return null;
  const others = encrypted.length === 1 ? '' : ` and ${encrypted.length - 1} more`;
  return `Encrypted image ${first.image}${others}: usable only as long as the owner's grant of the key to this project holds, which the action cannot check.`;
}

async function steps(context: RunContext, opened: readonly OpenProject[]): Promise<void> {
  const { config, record, log } = context;
  await forEach(context, opened, look);
  if (record.problems.length > 0) return;
  requireDistinct(record.members);
  requireVaults(config, record.members);
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
  await forEach(context, opened, prove);
}

/** Judges every image; those that are not shared yet may get time to arrive, unless something else stops the run anyway. */
async function judge(context: RunContext, opened: readonly OpenProject[]): Promise<void> {
  await forEach(context, opened, async (_, member) => {
    judgeImages(context, member, member.facts.keys());
    await confirmObstacles(context, member, 'others');
  });
  requireReadable(context);
  if (waitsForShares(context.config) && !isHopeless(context)) {
    const waiting = opened.filter((member) => waitingFor(member).length > 0);
    await pool(waiting, waiting.length, (member) => guard(context, member, awaitShares));
  }
  await forEach(context, opened, (_, member) => confirmObstacles(context, member, 'not-shared'));
  requireReadable(context);
}

/** Works on every project; a failure in one is noted and does not end the others, the end of the run does. */
async function forEach(
  context: RunContext,
  opened: readonly OpenProject[],
  work: Parameters<typeof guard>[2],
): Promise<void> {
  await pool(opened, PROJECTS_AT_ONCE, (member) => guard(context, member, work));
}

function end({ record, log }: RunContext, error: unknown): void {
  if (error instanceof RunStopped) {
    record.stopped ??= error.reason;
    // A cancellation is the stronger word: it ends the last look too.
    if (error.reason === 'cancelled') record.stopped = 'cancelled';
    log.line(`Stopping: ${error.message}`);
    // Why a run was cancelled is known to who did it.
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
  const { api, projects, region, authUrl, selection } = config;
  const ids = selection.by === 'ids' ? selection.ids : [];
  const given = projects.length === 0 ? [''] : projects;
  return given.map(
    (projectName) => new MemberProject(projectName, pickRegion({ api, region, projectName, authUrl }), ids),
  );
}

/** A name and an ID may mean the same project; served twice, it would be changed twice. */
function requireDistinct(members: readonly MemberProject[]): void {
  const seen = new Map<string | null, MemberProject>();
  for (const member of members) {
    const other = seen.get(member.id);
    if (other !== undefined) {
      throw new ProblemError({
        title: 'a project is named twice',
        cause: `\`project\` names the same project twice: ${other.given} and ${member.given} are both ${member.id}.`,
        cure: 'Leave one of them out. Nothing was changed.',
      });
    }
    seen.set(member.id, member);
  }
}

/** Lines of `vault` may name a project by its ID, which is known only after the login. */
function requireVaults({ vaults }: Config, members: readonly MemberProject[]): void {
  const stray = [...vaults.keys()].filter(
    (key) => !members.some((member) => member.given === key || member.id === key),
  );
  if (stray.length === 0) return;
  throw new ProblemError({
    title: 'a vault for a project that is not served',
    cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
    cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
  });
}
