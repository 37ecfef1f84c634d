/**
 * Log in, scoped to each project.
 */
import { resolveEndpoints } from '../cloud/endpoints.ts';
import type { Login, LoginTarget } from '../cloud/login/index.ts';
import type { Config } from '../config.ts';
import { RunStopped } from '../deadline.ts';
import { Reader } from '../members/reader.ts';
import { pool } from '../pool.ts';
import { ProblemError } from '../problem.ts';
import { methodTitle } from '../values.ts';
import { explainFor } from './explain.ts';
import { needsReads } from './look.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { PROJECTS_AT_ONCE, type RunContext } from './run-context.ts';

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
  const targets = record.members.map((member) => ({ member, target: targetOf(config, member) }));
  trace(context, targets);
  const openOne = async ({ member, target }: Target): Promise<OpenProject> => {
    try {
      const { ims } = target.endpoints;
      // Later projects find the connections of those before them.
      const needed = record.members.indexOf(member) < PROJECTS_AT_ONCE ? FIRST_READS : 0;
      if (ims?.final) for (let count = 0; count < needed; count++) connect(ims.url);
      const session = await login.open(target);
      const optional = !config.requireProof && needsReads(config) === null;
      const reader = new Reader(session.service, session.project, optional);
      return Object.assign(member, { session, reader });
    } catch (error) {
      throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
    }
  };
  const [first, ...others] = targets;
  if (first === undefined) return [];
  return [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
}

interface Target {
  readonly member: MemberProject;
  readonly target: LoginTarget;
}

function targetOf({ api, imsEndpoint, authUrl }: Config, { given, region }: MemberProject): LoginTarget {
  const project = given === '' ? null : given;
  return {
    given: project,
    region,
    endpoints: resolveEndpoints({ api, region, imsEndpoint, authUrl, projectName: project }),
  };
}

/** Says before the login who logs in where, and for which projects: names of inputs and variables, never their values. */
function trace({ config, record, log }: RunContext, targets: readonly Target[]): void {
  const { login, agency } = config;
  const hosts = [...new Set(targets.map(({ target }) => new URL(target.endpoints.iam).host))].join(', ');
  const projects = targets.map(({ member }) => member.label);
  const named = projects.slice(0, NAMED).join(', ');
  const more = projects.length > NAMED ? ` and ${projects.length - NAMED} more` : '';
  const where =
    config.projects.length === 0
      ? 'the project of these credentials'
      : `${projects.length === 1 ? 'project' : 'projects'} ${named}${more}`;
  const through = agency === null ? '' : `, through agency ${agency.name} of account ${agency.domain}`;
  log.line(
    `Logging in by method ${methodTitle(login.method)} (${login.sources.join(', ')})${through} at ${hosts} for ${where}`,
  );
  record.loginHost = hosts;
}

/** Projects named in the log line of the login. */
const NAMED = 10;
