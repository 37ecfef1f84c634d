/**
 * From credentials to a session: a Login opens a Session for each project. Most methods obtain a token for that, which is renewed once if
 * it is no longer accepted.
 */
import type { Clock } from '../../clock.ts';
import { ProblemError } from '../../problem.ts';
import type { Secret } from '../../secret.ts';
import { type Identity, openChannel } from '../channel.ts';
import type { Authorize, ServiceClient } from '../client.ts';
import { imageServiceUrl } from '../endpoints.ts';
import { failureOf } from '../errors.ts';
import { openGlance } from '../glance.ts';
import { Iam, type IssuedToken, type Project } from '../iam.ts';
import type { ImageService } from '../image-service.ts';
import { openIms } from '../ims.ts';
import { type CredentialState, oneAtATime } from './lockout.ts';
import { hinted, type RefusalHint } from './refusal.ts';
import { type LoginTarget, requireProject } from './scope.ts';

/** One set of credentials. The rest of the action does not know their method. */
export interface Login {
  /** Logs in to one project. Throws a CloudError for a refusal, a ProblemError if the scope is wrong. */
  open(target: LoginTarget): Promise<Session>;
  /** Authenticates the caller of an agency at the target's IAM. */
  authorizeAgency(target: LoginTarget): Promise<Authorize>;
}

/** An open session with the image service in one project. */
export interface Session {
  readonly service: ImageService;
  /** Base URL of the image service. */
  readonly serviceUrl: string;
  /**
   * Resolves when it is certain that the credentials are scoped to the wanted project. Reads may be sent earlier, but their answers
   * do not count, and nothing may be changed, until then.
   */
  readonly project: Promise<Project>;
}

/** What every login needs besides its credentials. */
export interface LoginTools {
  readonly client: ServiceClient;
  readonly clock: Clock;
  /** Obtains the workflow's ID token, fresh each time; OIDC only. */
  readonly idToken: () => Promise<Secret>;
  /** Called after every successful renewal. */
  readonly onRenewal: () => void;
  readonly refusalHint: RefusalHint;
  /** Added to the cure if the credentials turn out to be for another project. */
  readonly projectHint: string;
  /** The same if the image service cannot be found. */
  readonly regionHint: string;
}

/** iamAt gives the client for the target's IAM. The catalog is requested only if it is needed to find the image service. */
export function iamAt({ endpoints }: LoginTarget, { client }: LoginTools): Iam {
  const { api, iam, ims } = endpoints;
  return new Iam(client, iam, ims?.final !== true, api === 'ims' ? 'IAM' : 'Keystone');
}

/** openSession connects an identity to the image service. */
export async function openSession(
  { endpoints, region }: LoginTarget,
  { client, regionHint }: LoginTools,
  identity: Identity,
  project: Promise<Project>,
  catalog: () => Promise<unknown>,
): Promise<Session> {
  // Whoever awaits the project learns of its failure; until then it must not count as unhandled.
  project.catch(() => {});
  const serviceUrl = await imageServiceUrl(endpoints, region, catalog, regionHint);
  const service =
    endpoints.api === 'ims'
      ? openIms(openChannel(client, serviceUrl, identity, 'IMS'))
      : openGlance(openChannel(client, serviceUrl, identity, 'Glance'));
  return { service, serviceUrl, project };
}

/**
 * Obtains a token of the target's project. Without a given project, the token is for the caller of an agency, or the method has a
 * project of its own. `fresh` is true for a renewal.
 */
export type Issue = (iam: Iam, target: LoginTarget, fresh: boolean) => Promise<IssuedToken>;

/** loginWithToken makes a login of the way in which a method obtains its token. */
export function loginWithToken(issue: Issue, tools: LoginTools, isRenewable = true): Login {
  const { refusalHint, projectHint } = tools;
  const renewOne = oneAtATime(judgeRenewal);
  return {
    async open(target) {
      const iam = iamAt(target, tools);
      const login = (fresh: boolean) => hinted(issue(iam, target, fresh), refusalHint);
      // The answer to an OIDC login may lack project and catalog (OTC IAM API reference, the example): ask IAM about the token.
      const scopeOf = async (issued: IssuedToken) => {
        const asked = issued.project === null ? hinted(iam.inspect(issued.token), refusalHint) : issued;
        const { project, catalog } = await asked;
        return { project: requireProject(project, target, projectHint), catalog };
      };
      const first = await login(false);
      // Not awaited: the images can be looked at in the meantime.
      const scope = scopeOf(first);
      const renew = async () => {
        const next = await renewOne(() => login(true));
        tools.onRenewal();
        // A renewed token has to be scoped to the same project as the first one.
        const [before, after] = await Promise.all([scope, scopeOf(next)]);
        requireProject(after.project, { given: before.project.id, source: 'project' }, '');
        return next.token;
      };
      const identity = isRenewable
        ? tokenIdentity(first.token, renew, () => 'A fresh token was refused as well.')
        : tokenIdentity(first.token, null, refusalHint);
      const project = scope.then((known) => known.project);
      return openSession(target, tools, identity, project, async () => first.catalog ?? (await scope).catalog);
    },
    async authorizeAgency(target) {
      const login = issue(iamAt(target, tools), { ...target, given: null }, false);
      return bearer((await hinted(login, refusalHint)).token);
    },
  };
}

/** judgeRenewal stops further renewals after one that was answered without a token: many projects would lock the account. */
export function judgeRenewal(error: unknown): CredentialState {
  const isAnswered = error instanceof ProblemError || typeof failureOf(error)?.status === 'number';
  return isAnswered ? 'refused' : 'unknown';
}

/** bearer authorises with a token as it is. */
export function bearer(token: Secret): Authorize {
  return () => ({ 'X-Auth-Token': token.reveal() });
}

/**
 * tokenIdentity carries a token, and may log in again once if it can.
 * @param login logs in anew; null if that is not possible (method token)
 * @param hint what to do if the token is refused and cannot be renewed (again)
 */
export function tokenIdentity(token: Secret, login: (() => Promise<Secret>) | null, hint: RefusalHint): Identity {
  let current = token;
  let generation = 0;
  let renewal: Promise<boolean> | null = null;
  return {
    hint,
    authorize: (request) => bearer(current)(request),
    pass: (send) => send(),
    get generation() {
      return generation;
    },
    async renew() {
      if (login === null || generation > 0) return false;
      renewal ??= login().then((next) => {
        current = next;
        generation = 1;
        return true;
      });
      return renewal;
    },
  };
}
