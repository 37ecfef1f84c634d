/**
 * Method AK/SK: no login, but every request is signed. IAM is asked once which projects the keys can use: that proves the keys
 * before anything else is sent with them, and gives the ID of a project given by name.
 */
import type { Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isProjectId } from '../../values.ts';
import { unavailability } from '../availability.ts';
import type { Project } from '../iam.ts';
import { KeyIdentity, KeyProbe, signer } from './identity.ts';
import { hinted } from './refusal.ts';
import { findProject } from './scope.ts';
import { iamAt, type Login, type LoginTarget, type LoginTools, openSession } from './session.ts';

export function loginByKeys(keys: Extract<Credentials, { method: 'aksk' }>, tools: LoginTools): Login {
  const { clock, refusalHint, projectHint } = tools;
  const asked = new Map<string, Promise<readonly Project[] | null>>();
  const probe = new KeyProbe();
  const projectsAt = (target: LoginTarget) => {
    const { iam } = target.endpoints;
    const listed = () => iamAt(target, tools).ownProjects(signer(keys, clock, {}));
    const known = asked.get(iam) ?? ifAvailable(hinted(probe.pass(listed), refusalHint));
    asked.set(iam, known);
    return known;
  };
  return {
    async open(target) {
      const wanted = target.given ?? '';
      const projects = await projectsAt(target);
      const project =
        projects === null ? unlisted(wanted, projectHint) : findProject(projects, wanted, projectHint, target.source);
      const identity = new KeyIdentity(keys, clock, project.id, probe, refusalHint);
      return openSession(target, tools, identity, Promise.resolve(project), async () => undefined);
    },
    async authorizeAgency(target) {
      // IAM wants the caller's domain in signed calls; every project names it.
      const domainId = (await projectsAt(target))?.find((project) => project.domainId !== null)?.domainId;
      return signer(keys, clock, domainId === undefined || domainId === null ? {} : { 'X-Domain-Id': domainId });
    },
  };
}

/** Some identities may not make the call, and some clouds do not offer it: null. A refused signature is an error. */
async function ifAvailable(projects: Promise<readonly Project[]>): Promise<readonly Project[] | null> {
  try {
    return await projects;
  } catch (error) {
    if (unavailability(error) !== null) return null;
    throw error;
  }
}

/**
 * If the projects cannot be listed, an ID is used as it is: it is signed into every request, and the service checks it. Finding a
 * project by name with `GET /v3/projects` does not work either: that call needs the domain's ID in the signature, which only a
 * project contains.
 */
function unlisted(given: string, hint: string): Project {
  if (isProjectId(given)) return { id: given, name: null, domainId: null };
  throw new ProblemError({
    title: 'project not found',
    cause: `The ID of project ${given} cannot be found: IAM does not list the projects of these keys.`,
    cure: `Give the ID of the project as \`project\`. Nothing was changed.${hint}`,
  });
}
