/**
 * The types of a login: credentials become a Login, which opens a Session for each project.
 */
import type { Clock } from '../../clock.ts';
import { ProblemError } from '../../problem.ts';
import type { Secret } from '../../secret.ts';
import { type Identity, openChannel } from '../channel.ts';
import type { Authorize, ServiceClient } from '../client.ts';
import { type Endpoints, imageServiceUrl } from '../endpoints.ts';
import { failureOf } from '../errors.ts';
import { openGlance } from '../glance.ts';
import { Iam, type IssuedToken, type Project } from '../iam.ts';
import type { ImageService } from '../image-service.ts';
import { openIms } from '../ims.ts';
import { TokenIdentity } from './identity.ts';
import { hinted, type RefusalHint } from './refusal.ts';
import { requireProject } from './scope.ts';

/** One project to log in to. */
export interface LoginTarget {
  /** ID or name as given; null: the token's own project. */
  readonly given: string | null;
  /** The input or variable that `given` comes from. */
  readonly source: string;
  readonly region: string | null;
  readonly endpoints: Endpoints;
}

/** One set of credentials. Each method has an implementation; the rest of the action does not know which one it has. */
export interface Login {
  /** Logs in to one project. Throws a CloudError for a refusal, a ProblemError if the scope is wrong. */
  open(target: LoginTarget): Promise<Session>;
  /** Authenticates the caller of an agency at IAM; `fresh` logs in anew. */
  authorizeAgency(target: LoginTarget, fresh: boolean): Promise<Authorize>;
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
  readonly renewals: RenewalLock;
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
  target: LoginTarget,
  { client, regionHint }: LoginTools,
  identity: Identity,
  project: Promise<Project>,
  catalog: () => Promise<unknown>,
): Promise<Session> {
  // Whoever awaits the project learns of its failure; until then it must not count as unhandled.
  project.catch(() => {});
  const { endpoints, region } = target;
  const serviceUrl = await imageServiceUrl(endpoints, region, catalog, regionHint);
  const service =
    endpoints.api === 'ims'
      ? openIms(openChannel(client, serviceUrl, identity, 'IMS'))
      : openGlance(openChannel(client, serviceUrl, identity, 'Glance'));
  return { service, serviceUrl, project };
}

/** openWithToken obtains a token by `login` and opens a session that renews it once, in the same way. */
export async function openWithToken(
  target: LoginTarget,
  tools: LoginTools,
  login: (iam: Iam, fresh: boolean) => Promise<IssuedToken>,
): Promise<Session> {
  const iam = iamAt(target, tools);
  const issue = (fresh: boolean) => hinted(login(iam, fresh), tools.refusalHint);
  // The answer to an OIDC login may lack project and catalog (OTC IAM API reference, the example): ask IAM about the token.
  const scopeOf = async (issued: IssuedToken) => {
    const { project, catalog } = issued.project === null ? await iam.inspect(issued.token) : issued;
    return { project: requireProject(project, target.given, tools.projectHint, target.source), catalog };
  };
  const first = await issue(false);
  const scope = scopeOf(first);
  scope.catch(() => {});
  const renew = async () => {
    const next = await tools.renewals.pass(() => issue(true));
    // A renewed token has to be scoped to the same project as the first one.
    const [before, after] = await Promise.all([scope, scopeOf(next)]);
    requireProject(after.project, before.project.id, '');
    return next.token;
  };
  return openSession(
    target,
    tools,
    new TokenIdentity(first.token, renew, () => 'A fresh token was refused as well.'),
    scope.then(({ project }) => project),
    async () => first.catalog ?? (await scope).catalog,
  );
}

/**
 * RenewalLock lets one renewal through at a time, and none after one that was answered without a token: a run with many projects would
 * otherwise send enough refused logins to lock the account.
 */
export class RenewalLock {
  #last: Promise<unknown> = Promise.resolve();
  #refusal: unknown = null;
  readonly #onRenewal: () => void;

  /** @param onRenewal called after every successful renewal */
  constructor(onRenewal: () => void) {
    this.#onRenewal = onRenewal;
  }

  pass<T>(login: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#refusal !== null) throw this.#refusal;
      return login();
    });
    this.#last = turn.then(this.#onRenewal, (error) => {
      if (error instanceof ProblemError || (failureOf(error)?.status ?? null) !== null) this.#refusal = error;
    });
    return turn;
  }
}
