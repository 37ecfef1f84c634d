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
import type { MemberProject } from './record.ts';
import { PROJECTS_AT_ONCE, type RunContext } from './run-context.ts';

/**
 * enter opens a session for every project. The first login goes alone: were the credentials wrong, as many refused logins as there
 * are projects would lock the account.
 */
export async function enter({ config, record }: RunContext, login: Login): Promise<void> {
  const openOne = async (member: MemberProject) => {
    const given = member.given === '' ? null : member.given;
    const { imsEndpoint, authUrl } = config;
    const endpoints = resolveEndpoints({ region: member.region, imsEndpoint, authUrl, projectName: given });
    const session = await login.open({ given, region: member.region, endpoints });
    member.session = session;
    member.reader = new Reader(session.ims, session.project);
  };
  const open = async (member: MemberProject) => {
    try {
      await openOne(member);
    } catch (error) {
      throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
    }
  };
  const [first, ...others] = record.members;
  if (first === undefined) return;
  await open(first);
  await pool(others, PROJECTS_AT_ONCE, open);
}
