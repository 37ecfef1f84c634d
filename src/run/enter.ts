/**
 * Log in, scoped to each project.
 */
import { resolveEndpoints } from '../cloud/endpoints.ts';
import type { Login } from '../cloud/login/index.ts';
import { ProblemError } from '../problem.ts';
import type { Member } from './board.ts';
import { type Crew, PROJECTS_AT_ONCE } from './crew.ts';
import { explainFor } from './explain.ts';
import { pool } from './pool.ts';
import { Reader } from './reader.ts';
import { Stop } from './stop.ts';

/**
 * enter opens a session for every project. The first login goes alone: were the credentials wrong, as many refused logins as there
 * are projects would lock the account.
 */
export async function enter({ config, board }: Crew, login: Login): Promise<void> {
  const openOne = async (member: Member) => {
    const given = member.given === '' ? null : member.given;
    const { imsEndpoint, authUrl } = config;
    const endpoints = resolveEndpoints({ region: member.region, imsEndpoint, authUrl, projectName: given });
    const session = await login.open({ given, region: member.region, endpoints });
    member.session = session;
    member.reader = new Reader(session.ims, session.project);
  };
  const open = async (member: Member) => {
    try {
      await openOne(member);
    } catch (error) {
      throw error instanceof Stop ? error : new ProblemError(explainFor(member, board, error), { cause: error });
    }
  };
  const [first, ...others] = board.members;
  if (first === undefined) return;
  await open(first);
  await pool(others, PROJECTS_AT_ONCE, open);
}
