/**
 * Logging in: from credentials to a session with the image service in one project. Each method has a file of its own; from here
 * on nobody knows which one it was.
 */
import type { Clock } from '../../clock.ts';
import type { Agency, Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import type { Secret } from '../../secret.ts';
import { openChannel } from '../channel.ts';
import type { ServiceClient } from '../client.ts';
import { type Endpoints, imsFromCatalog } from '../endpoints.ts';
import { Iam, type Project } from '../iam.ts';
import { Ims } from '../ims.ts';
import { viaAgency } from './agency.ts';
import { viaKeys } from './keys.ts';
import { type LoginResult, type Method, RenewalLock } from './method.ts';
import { viaOidc } from './oidc.ts';
import { viaPassword } from './password.ts';
import { viaToken } from './token.ts';

/** An open session with the image service. */
export interface Session {
  readonly ims: Ims;
  readonly imsUrl: string;
  /**
   * Resolves when it is certain that the credentials are scoped to the wanted project. Reads may be sent before, at the same time,
   * but nothing of their answers may be believed, and nothing may be changed, until then.
   */
  readonly project: Promise<Project>;
}

/** What a login needs beside the credentials. */
export interface LoginTools {
  readonly client: ServiceClient;
  readonly clock: Clock;
  /** Obtains the workflow's ID token, fresh each time; only used with OIDC. */
  readonly idToken: () => Promise<Secret>;
  /** Told when a dead token was replaced. */
  readonly onRenewal: () => void;
}

/** Where one project's services are, and how the project was given; null stands for the token's own project. */
export interface Destination {
  readonly given: string | null;
  readonly region: string | null;
  readonly endpoints: Endpoints;
}

/** Login opens sessions, one per project, with one set of credentials. */
export class Login {
  readonly #tools: LoginTools;
  readonly #method: Method;
  readonly #renewals: RenewalLock;

  constructor(credentials: Credentials, agency: Agency | null, tools: LoginTools) {
    this.#tools = tools;
    this.#renewals = new RenewalLock(tools.onRenewal);
    const base = methodOf(credentials, tools);
    this.#method = agency === null ? base : viaAgency(agency, base);
  }

  /** open logs in for one project. Throws a CloudError for a refusal, a ProblemError where the scope is wrong. */
  async open(destination: Destination): Promise<Session> {
    const { iam: iamUrl, ims } = destination.endpoints;
    const iam = new Iam(this.#tools.client, iamUrl, ims?.final !== true);
    const result = await this.#method.logIn({ iam, iamUrl, renewals: this.#renewals, ...destination });
    // Whoever awaits the project learns of a failure; until then it must not count as an unhandled one.
    result.project.catch(() => {});
    const url = await imsUrl(result, destination);
    return {
      ims: new Ims(openChannel(this.#tools.client, url, result.identity)),
      imsUrl: url,
      project: result.project,
    };
  }
}

function methodOf(credentials: Credentials, { clock, idToken }: LoginTools): Method {
  switch (credentials.method) {
    case 'token':
      return viaToken(credentials);
    case 'password':
      return viaPassword(credentials);
    case 'aksk':
      return viaKeys(credentials, clock);
    case 'oidc':
      return viaOidc(credentials, idToken);
  }
}

/** The given or documented host; where that is only known by pattern, what the token's catalog says on IAM's own domain. */
async function imsUrl(result: LoginResult, { region, endpoints }: Destination): Promise<string> {
  if (endpoints.ims?.final === true) return endpoints.ims.url;
  const catalog = await result.catalog();
  const listed = imsFromCatalog(catalog, region, endpoints.iam);
  const url = listed ?? endpoints.ims?.url;
  if (url !== undefined) return url;
  const iam = new URL(endpoints.iam).host;
  throw new ProblemError({
    cause:
      catalog === undefined
        ? `Nothing names the image service that belongs to IAM at ${iam}: these credentials bring no catalog of services.`
        : `The token's catalog names no image service on the domain of ${iam}.`,
    cure: 'Give `region`, or the base URL of the image service as `ims-endpoint`.',
  });
}
