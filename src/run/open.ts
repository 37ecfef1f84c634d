/**
 * Log in, scoped to each project.
 */
import { resolveEndpoints } from '../cloud/endpoints.ts';
import type { Project } from '../cloud/iam.ts';
import { isProject, type Login, type LoginTarget, type Session } from '../cloud/login/index.ts';
import type { Config } from '../config.ts';
import { RunStopped } from '../deadline.ts';
import { needsReads } from '../decide/needs.ts';
import { Reader } from '../members/reader.ts';
import { pool } from '../pool.ts';
import { ProblemError } from '../problem.ts';
import { methodTitle, nounFor, someOf } from '../values.ts';
import { explain, explainFor } from './explain.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { PROJECTS_AT_ONCE, type RunContext, remark } from './run-context.ts';

/** Connections that the first reads of a project need. */
const FIRST_READS = 2;

/**
 * open logs in to every project of the run and gives them in the run's order. The first login goes alone: if the credentials are
 * wrong, a refused login for each project would lock the account. While IAM answers, the connections that the first reads need are
 * opened already, if the host is known for certain.
 * @param connect opens a connection to the host of a URL ahead of need
 */
export async function open(
  context: RunContext,
  login: Login,
  connect: (url: string) => void,
): Promise<readonly OpenProject[]> {
  const { config, record } = context;
  trace(context);
  const openOne = async (member: MemberProject): Promise<OpenProject> => {
    try {
      const target = targetOf(config, member);
      const { ims } = target.endpoints;
      // Later projects find the connections of those before them.
      const needed = record.members.indexOf(member) < PROJECTS_AT_ONCE ? FIRST_READS : 0;
      if (ims?.final) for (let count = 0; count < needed; count++) connect(ims.url);
      const session = explained(await login.open(target));
      const optional = !config.requireProof && needsReads(config) === null;
      const reader = new Reader(session.service, session.project, optional);
      return Object.assign(member, { session, reader });
    } catch (error) {
      throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
    }
  };
  const [first, ...others] = record.members;
  if (first === undefined) return [];
  const opened = [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
  noteDisagreements(context, opened);
  return opened;
}

/** A failed login is explained at once: later it would look like an answer of the image service. */
function explained(session: Session): Session {
  const project = session.project.catch((error: unknown) => {
    throw error instanceof RunStopped ? error : new ProblemError(explain(error), { cause: error });
  });
  project.catch(() => {});
  return { ...session, project };
}

/** Names the variables that turn out to name another project, as soon as it is certain which projects the run has. */
function noteDisagreements(context: RunContext, opened: readonly OpenProject[]): void {
  const note = (projects: readonly Project[]) => {
    for (const { text, note } of context.config.unconfirmed)
      if (!projects.some((project) => isProject(project, text))) remark(context, note);
  };
  // A failure is noted by the steps that follow.
  Promise.all(opened.map(({ session }) => session.project)).then(note, () => {});
}

function targetOf({ api, imsEndpoint, authUrl, projectSource }: Config, { given, region }: MemberProject): LoginTarget {
  return {
    given: given === '' ? null : given,
    source: projectSource,
    region,
    endpoints: resolveEndpoints({ api, region, imsEndpoint, authUrl }),
  };
}

/** Says before the login who logs in where, and for which projects: names of inputs and variables, never their values. */
function trace({ config, record, log }: RunContext): void {
  const { login, agency } = config;
  const { members } = record;
  const hosts = [...new Set(members.map((member) => new URL(targetOf(config, member).endpoints.iam).host))].join(', ');
  const projects = members.map(({ label }) => label);
  const where =
    config.projects.length === 0
      ? 'the project of these credentials'
      : `${nounFor(projects.length, 'project')} ${someOf(projects, NAMED)}`;
  const through = agency === null ? '' : `, through agency ${agency.name} of account ${agency.domain}`;
  log.line(
    `Logging in by method ${methodTitle(login.method)} (${login.sources.join(', ')})${through} at ${hosts} for ${where}`,
  );
  record.loginHost = hosts;
}

/** Projects named in the log line of the login. */
const NAMED = 10;
