/**
 * The types of a login: credentials become a Login, which opens a Session for each project.
 */
import type { Clock } from '../../clock.ts';
import type { Secret } from '../../secret.ts';
import { type Identity, openChannel } from '../channel.ts';
import type { Authorize, ServiceClient } from '../client.ts';
import { imageServiceUrl } from '../endpoints.ts';
import { Glance } from '../glance.ts';
import { Iam, type Project } from '../iam.ts';
import type { ImageService } from '../image-service.ts';
import { Ims } from '../ims.ts';
import type { RefusalHint } from './refusal.ts';
import type { LoginTarget } from './scope.ts';

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
      ? new Ims(openChannel(client, serviceUrl, identity, 'IMS'))
      : new Glance(openChannel(client, serviceUrl, identity, 'Glance'));
  return { service, serviceUrl, project };
}
