/**
 * Log in, scoped to each project.
 */
import { resolveEndpoints } from '../cloud/endpoints.ts';
import type { Login } from '../cloud/login/index.ts';
import { RunStopped } from '../deadline.ts';
import { Reader } from '../members/reader.ts';
import { pool } from '../pool.ts';
import { ProblemError } from '../problem.ts';
import { explainFor } from './explain.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { PROJECTS_AT_ONCE, type RunContext } from './run-context.ts';

/**
 * open logs in to every project of the run and gives them in the run's order. The first login goes alone: if the credentials are
 * wrong, a refused login for each project would lock the account.
 */
export async function open({ config, record }: RunContext, login: Login): Promise<readonly OpenProject[]> {
  const openOne = async (member: MemberProject): Promise<OpenProject> => {
    const given = member.given === '' ? null : member.given;
    const { imsEndpoint, authUrl } = config;
    try {
      const endpoints = resolveEndpoints({ region: member.region, imsEndpoint, authUrl, projectName: given });
      const session = await login.open({ given, region: member.region, endpoints });
      return Object.assign(member, { session, reader: new Reader(session.ims, session.project) });
    } catch (error) {
      throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
    }
  };
  const [first, ...others] = record.members;
  if (first === undefined) return [];
  return [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
}
