/**
 * A run from the configuration to the report: its steps in their order. Whatever happens, a report comes out.
 */

import type { Clock } from './clock.ts';
import { Caller } from './cloud/caller.ts';
import { pickRegion } from './cloud/endpoints.ts';
import { Login } from './cloud/login/index.ts';
import type { Transport } from './cloud/transport.ts';
import type { Config } from './config.ts';
import type { RunReport } from './model.ts';
import { ProblemError } from './problem.ts';
import type { Log } from './report/log.ts';
import { Board, Member } from './run/board.ts';
import { change } from './run/change.ts';
import { type Crew, PROJECTS_AT_ONCE, plural, warn } from './run/crew.ts';
import { enter } from './run/enter.ts';
import { explain, explainFor } from './run/explain.ts';
import { requestIdToken } from './run/id-token.ts';
import { judgeImages, look, requireReadable } from './run/look.ts';
import { pool } from './run/pool.ts';
import { prove, proveOnce } from './run/prove.ts';
import { awaitShares, isHopeless, isMissing } from './run/shares.ts';
import { deadlineAfter, Stop } from './run/stop.ts';
import type { Hide } from './secret.ts';

/** What a run needs from the process around it. */
export interface RunTools {
  readonly transport: Pick<Transport, 'send'>;
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
  const board = new Board(config, membersOf(config), clock.now());
  let deadline = deadlineAfter(config.timeout, tools.cancel);
  const crew: Crew = {
    config,
    board,
    log,
    clock,
    get signal() {
      return deadline.signal;
    },
  };
  const login = openLogin(crew, tools);
  try {
    await steps(crew, login);
  } catch (error) {
    end(crew, error);
  }
  deadline.end();
  if (board.stopped === 'timeout') {
    deadline = deadlineAfter(LAST_LOOK, tools.cancel);
    log.line('Time is up: reading the members a last time');
    await pool(board.members, PROJECTS_AT_ONCE, (member) => proveOnce(crew, member)).catch((error) => end(crew, error));
    deadline.end();
  }
  log.endGroup();
  return board.report(clock.now());
}

async function steps(crew: Crew, login: Login): Promise<void> {
  const { config, board, log } = crew;
  for (const note of config.notes) log.line(note);
  log.group('Log in and look');
  await enter(crew, login);
  await forEach(crew, (member) => look(crew, member));
  if (board.problems.length > 0) return;
  requireDistinct(board.members);
  requireVaults(config, board.members);
  requireReadable(crew);
  await judge(crew);
  const obstacles = board.members.flatMap((member) => member.with(({ obstacle }) => obstacle !== null));
  if (config.mode !== 'check' && obstacles.length > 0) {
    log.line(`Stopping before any change: ${plural(obstacles.length, 'image')} cannot be ${config.status}`);
    return;
  }
  board.blocked = false;
  if (config.mode !== 'apply') return;
  log.group(config.wait ? 'Change and follow the jobs' : 'Change');
  await forEach(crew, (member) => change(crew, member));
  if (!config.wait) {
    if (board.jobIds.length > 0)
      warn(
        crew,
        '`wait` is false: the jobs are submitted, but nothing is proven. Have a later run with `mode: check` prove it.',
      );
    return;
  }
  log.group('Prove');
  await forEach(crew, (member) => prove(crew, member));
}

/** Judges every image; those that are not shared yet may get time to arrive, unless something else stops the run anyway. */
async function judge(crew: Crew): Promise<void> {
  const { config, board } = crew;
  for (const member of board.members) judgeImages(crew, member, member.facts.keys());
  const { mode, status, selection, shareTimeout } = config;
  const waits = mode === 'apply' && status === 'accepted' && selection.kind === 'ids' && shareTimeout > 0;
  if (!waits || isHopeless(crew)) return;
  const waiting = board.members.filter((member) => member.with((facts) => isMissing(member, facts)).length > 0);
  await pool(waiting, waiting.length, (member) => guard(crew, member, (one) => awaitShares(crew, one)));
}

/** Works on every project; a failure in one is noted and does not end the others, the end of the run does. */
async function forEach(crew: Crew, work: (member: Member) => Promise<void>): Promise<void> {
  await pool(crew.board.members, PROJECTS_AT_ONCE, (member) => guard(crew, member, work));
}

async function guard({ board, config }: Crew, member: Member, work: (member: Member) => Promise<void>): Promise<void> {
  try {
    await work(member);
  } catch (error) {
    if (error instanceof Stop) throw error;
    const problem = explain(error);
    board.problem(explainFor(member, board, error));
    const open = member.with(
      ({ sent, sight, refusal, obstacle }) =>
        sent === 'no' && refusal === null && obstacle === null && sight?.status !== config.status,
    );
    if (!board.blocked) for (const image of open) member.note(image, { refusal: problem });
  }
}

function end({ board, log }: Crew, error: unknown): void {
  if (error instanceof Stop) {
    board.stopped ??= error.reason;
    // A cancellation is the stronger word: it ends the last look too.
    if (error.reason === 'cancelled') board.stopped = 'cancelled';
    log.line(`Stopping: ${error.message}`);
    // Why a run was cancelled is known to who did it.
    if (error.reason === 'timeout' && error.cause !== undefined) board.problem(explain(error.cause));
    return;
  }
  board.problem(explain(error));
}

function openLogin(crew: Crew, { transport, hide, redact, clock, log }: RunTools): Login {
  const { config } = crew;
  const caller = new Caller({
    transport,
    clock,
    retries: config.retries,
    requestTimeout: config.requestTimeout,
    get signal() {
      return crew.signal;
    },
    hide,
    redact,
    debug: log.debug,
    onRetry: ({ call, code, status, detail }, delay) =>
      log.line(
        `${call}: ${code ?? (status === null ? detail : `HTTP ${status}`)}; trying again in ${(delay / 1000).toFixed(1)} s`,
      ),
  });
  const { credentials, agency } = config;
  return new Login(credentials, agency, {
    caller,
    clock,
    idToken: () => {
      if (credentials.method !== 'oidc') throw new Error('an ID token is only for OIDC');
      return requestIdToken(caller, credentials);
    },
    onRenewal: () => log.line('The token had expired: logged in again'),
  });
}

function membersOf(config: Config): readonly Member[] {
  const { projects, region, authUrl, selection } = config;
  const ids = selection.kind === 'ids' ? selection.ids : [];
  const given = projects.length === 0 ? [''] : projects;
  return given.map((projectName) => new Member(projectName, pickRegion({ region, projectName, authUrl }), ids));
}

/** A name and an ID may mean the same project; served twice, it would be changed twice. */
function requireDistinct(members: readonly Member[]): void {
  const seen = new Map<string | null, Member>();
  for (const member of members) {
    const other = seen.get(member.id);
    if (other !== undefined) {
      throw new ProblemError({
        cause: `\`project\` names the same project twice: ${other.given} and ${member.given} are both ${member.id}.`,
        cure: 'Leave one of them out. Nothing was changed.',
      });
    }
    seen.set(member.id, member);
  }
}

/** Lines of `vault` may name a project by its ID, which is known only after the login. */
function requireVaults({ vaults }: Config, members: readonly Member[]): void {
  if (vaults.kind !== 'by-project') return;
  const stray = [...vaults.vaults.keys()].filter(
    (key) => !members.some((member) => member.given === key || member.id === key),
  );
  if (stray.length === 0) return;
  throw new ProblemError({
    cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
    cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
  });
}
