/**
 * Method AK/SK: no login, but every request is signed. IAM is asked once which projects the keys can use: that proves the keys
 * before anything else is sent with them, and gives the ID of a project given by name.
 */
import type { Clock } from '../../clock.ts';
import type { Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isProjectId } from '../../values.ts';
import { availabilityOf } from '../availability.ts';
import type { Authorize } from '../client.ts';
import { failureOf } from '../errors.ts';
import type { Project } from '../iam.ts';
import { sdkDate, sign } from '../sign.ts';
import { type CredentialState, oneAtATime } from './lockout.ts';
import { hinted } from './refusal.ts';
import { findProject, type LoginTarget } from './scope.ts';
import { iamAt, type Login, type LoginTools, openSession } from './session.ts';

type Keys = Extract<Credentials, { method: 'aksk' }>;

export function loginByKeys(keys: Keys, tools: LoginTools): Login {
  const { clock, refusalHint, projectHint } = tools;
  const asked = new Map<string, Promise<readonly Project[] | null>>();
  const pass = oneAtATime(judgeKeys);
  const projectsAt = (target: LoginTarget) => {
    const { iam } = target.endpoints;
    const listed = () => iamAt(target, tools).ownProjects(signer(keys, clock, {}));
    const known = asked.get(iam) ?? hinted(pass(listed), refusalHint).catch(noneIfUnavailable);
    asked.set(iam, known);
    return known;
  };
  return {
    async open(target) {
      const projects = await projectsAt(target);
      const project = projects === null ? unlisted(target, projectHint) : findProject(projects, target, projectHint);
      const authorize = signer(keys, clock, { 'X-Project-Id': project.id });
      // There is nothing to renew, and a refused signature is never repeated.
      const identity = { authorize, pass, hint: refusalHint, generation: 0, renew: async () => false };
      return openSession(target, tools, identity, Promise.resolve(project), async () => undefined);
    },
    async authorizeAgency(target) {
      // IAM wants the caller's domain in signed calls; every project names it.
      const domainId = (await projectsAt(target))?.find((project) => project.domainId !== null)?.domainId;
      return signer(keys, clock, domainId ? { 'X-Domain-Id': domainId } : {});
    },
  };
}

/**
 * judgeKeys tells what a signed call shows of the keys; five refusals in a row lock an access key. A 403 comes from behind the check of
 * the signature; other failures may come from before it, and prove nothing.
 */
export function judgeKeys(error: unknown): CredentialState {
  const status = failureOf(error)?.status;
  if (status === 401) return 'refused';
  return error === null || status === 403 ? 'proven' : 'unknown';
}

/**
 * signer signs each request anew with the time of its attempt, because a signature older than 15 minutes is refused
 * (Huawei Cloud, API Request Signing Guide). `extra` headers, such as X-Project-Id, are signed with the rest.
 */
export function signer(keys: Keys, clock: Clock, extra: Readonly<Record<string, string>>): Authorize {
  return ({ headers, ...request }) => {
    const token = keys.securityToken === null ? {} : { 'X-Security-Token': keys.securityToken.reveal() };
    return sign({
      ...request,
      headers: { ...headers, ...extra, ...token },
      accessKey: keys.accessKey.reveal(),
      secretKey: keys.secretKey.reveal(),
      date: sdkDate(clock.now()),
    });
  };
}

/** Some identities may not make the call, and some clouds do not offer it. A refused signature is an error. */
function noneIfUnavailable(error: unknown): null {
  const why = availabilityOf(error);
  if (why !== 'closed' && why !== 'missing') throw error;
  return null;
}

/**
 * If the projects cannot be listed, an ID is used as it is: it is signed into every request, and the service checks it. Finding a
 * project by name with `GET /v3/projects` does not work either: that call needs the domain's ID in the signature, which only a
 * project contains.
 */
function unlisted({ given }: LoginTarget, hint: string): Project {
  if (given !== null && isProjectId(given)) return { id: given, name: null, domainId: null };
  throw new ProblemError({
    title: 'project not found',
    cause: `The ID of project ${given} cannot be found: IAM does not list the projects of these keys.`,
    cure: `Give the ID of the project as \`project\`. Nothing was changed.${hint}`,
  });
}
