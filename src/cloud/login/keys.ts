/**
 * Method AK/SK: no login, but every request is signed. IAM is asked once which projects the key can use, which proves the key
 * before anything else is sent with it, and gives names their IDs.
 */
import type { Clock } from '../../clock.ts';
import type { Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isProjectId } from '../../values.ts';
import { failureOf } from '../errors.ts';
import type { Iam, Project } from '../iam.ts';
import { KeyIdentity, KeyProbe, signer } from './identity.ts';
import type { Method } from './method.ts';
import { findProject } from './scope.ts';

export function viaKeys(keys: Extract<Credentials, { method: 'aksk' }>, clock: Clock): Method {
  const asked = new Map<string, Promise<readonly Project[] | null>>();
  const probe = new KeyProbe();
  const projectsAt = (iam: Iam, iamUrl: string) => {
    const known = asked.get(iamUrl) ?? readable(probe.pass(() => iam.ownProjects(signer(keys, clock, {}))));
    asked.set(iamUrl, known);
    return known;
  };
  return {
    async logIn({ iam, iamUrl, given }) {
      const wanted = given ?? '';
      const projects = await projectsAt(iam, iamUrl);
      const project = projects === null ? unlisted(wanted) : findProject(projects, wanted);
      return {
        identity: new KeyIdentity(keys, clock, project.id, probe),
        project: Promise.resolve(project),
        catalog: async () => undefined,
      };
    },
    async authorizeAgency({ iam, iamUrl }) {
      // IAM wants the caller's domain in signed calls; every project names it.
      const domainId = (await projectsAt(iam, iamUrl))?.find((project) => project.domainId !== null)?.domainId;
      return signer(keys, clock, domainId === undefined || domainId === null ? {} : { 'X-Domain-Id': domainId });
    },
  };
}

/** Some identities may not ask, and some clouds may not know the call: null. A refused signature is an error like any other. */
async function readable(projects: Promise<readonly Project[]>): Promise<readonly Project[] | null> {
  try {
    return await projects;
  } catch (error) {
    const status = failureOf(error)?.status;
    if (status === 403 || status === 404 || status === 405 || status === 501) return null;
    throw error;
  }
}

/**
 * Where the projects cannot be listed, an ID is taken as it is: it is signed into every request, and the service checks it. The call
 * that finds a project by its name is no way out: it wants the domain's ID signed, which only a project tells.
 */
function unlisted(given: string): Project {
  if (isProjectId(given)) return { id: given, name: null, domainId: null };
  throw new ProblemError({
    cause: `The ID of project ${given} cannot be found out: IAM does not tell these keys which projects they can use.`,
    cure: 'Give the ID of the project as `project`. Nothing was changed.',
  });
}
