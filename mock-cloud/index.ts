/**
 * The mock cloud: IAM, IMS and GitHub on loopback, in this process. See README.md beside this file.
 */
import type { FaultRule } from './fault-types.ts';
import { type ActiveFault, Faults } from './faults.ts';
import { GitHub, github, type RecordedStatus } from './github.ts';
import { iam } from './iam.ts';
import { ims } from './ims.ts';
import type { Job, JobBehaviour } from './job-types.ts';
import { jwks } from './jwt.ts';
import { prefixOf } from './openstack.ts';
import type { CloudOptions, Settings } from './options.ts';
import { text } from './rules.ts';
import { Seeding } from './seeding.ts';
import { type Listening, listen } from './server.ts';
import { State } from './state.ts';
import { expireTokens } from './tokens.ts';
import type { Call, Denial, Failing, Image, Project, RecordedRequest, ServerName, Status } from './types.ts';

export { errorAnswer, flowControl, throttled } from './answers.ts';
export type { FaultAction, FaultRule, Matcher, Phase } from './fault-types.ts';
export type { JobBehaviour } from './job-types.ts';
export type { CloudOptions } from './options.ts';
export type * from './types.ts';

type Servers = Record<ServerName, Listening>;

export class Cloud extends Seeding {
  readonly #faults: Faults;
  readonly #servers: Servers;
  /** The job's claims, tokens, permissions. */
  readonly github: GitHub;

  constructor(state: State, faults: Faults, hub: GitHub, servers: Servers) {
    super(state);
    this.#faults = faults;
    this.#servers = servers;
    this.github = hub;
  }

  get iamUrl(): string {
    return this.#servers.iam.url;
  }

  get imsUrl(): string {
    return this.#servers.ims.url;
  }

  get githubUrl(): string {
    return this.#servers.github.url;
  }

  /** A host that no credentials may ever reach; it answers everything with 200 `{}`. */
  get elsewhereUrl(): string {
    return this.#servers.elsewhere.url;
  }

  /** Everything that arrived, in order of arrival. */
  get requests(): RecordedRequest[] {
    return this.state.requests;
  }

  /** Breaches of the protocol, as sentences. A good client leaves it empty. */
  get violations(): string[] {
    return this.state.violations;
  }

  get statuses(): RecordedStatus[] {
    return this.github.statuses;
  }

  get settings(): Settings {
    return this.state.settings;
  }

  get jobs(): Job[] {
    this.state.settle();
    return [...this.state.jobs.values()];
  }

  connections(server: ServerName): number {
    return this.#servers[server].connections();
  }

  /** share makes a project a member of an image; the project may be one that this cloud does not know. */
  share(image: Image | string, project: Project | string, status: Status = 'pending'): void {
    this.state.share(this.image(image), this.projectId(project), status);
  }

  unshare(image: Image | string, project: Project | string): void {
    this.state.unshare(this.image(image), this.projectId(project));
  }

  shareLater(image: Image | string, project: Project | string, delayMs: number): void {
    this.state.shareLater(this.image(image), this.projectId(project), delayMs);
  }

  deleteImage(image: Image | string): void {
    this.state.images.delete(this.image(image).id);
  }

  /** memberStatus is the true status, without lag; `undefined` if the image is not shared with the project. */
  memberStatus(image: Image | string, project: Project | string): Status | undefined {
    this.state.settle();
    const id = typeof image === 'string' ? image : image.id;
    return this.state.images.get(id)?.members.get(this.projectId(project))?.status;
  }

  /** truthSince gives every status that a membership truly had at a time or later. */
  truthSince(image: string, project: string, at: number): (Status | null)[] {
    this.state.settle();
    const all = this.state.truth
      .filter((one) => one.image === image && one.project === project)
      .toSorted((a, b) => a.at - b.at);
    const before = all.findLast((one) => one.at <= at)?.status ?? null;
    return [before, ...all.filter((one) => one.at > at).map(({ status }) => status)];
  }

  /** members are all memberships as they truly are. */
  members(): { image: string; name: string; project: string; status: Status; changes: number }[] {
    this.state.settle();
    return [...this.state.images.values()].flatMap(({ id, name, members }) =>
      [...members.values()].map(({ project, status }) => ({
        image: id,
        name,
        project,
        status,
        changes: this.state.effectiveChanges(id, project),
      })),
    );
  }

  /** effectiveChanges counts the updates that really changed a status. */
  effectiveChanges(image: Image | string, project: Project | string): number {
    return this.state.effectiveChanges(typeof image === 'string' ? image : image.id, this.projectId(project));
  }

  /** updateRequests are the recorded updates, of one project or of all. */
  updateRequests(project?: Project | string): RecordedRequest[] {
    const wanted = project === undefined ? undefined : this.projectId(project);
    return this.requests.filter(({ server, method, path, body }) => {
      if (server !== 'ims' || method !== 'PUT') return false;
      if (path !== '/v1/cloudimages/members') return wanted === undefined || path.endsWith(`/members/${wanted}`);
      return wanted === undefined || text(body, 'project_id') === wanted;
    });
  }

  /** fault adds a rule; the result counts what it struck. */
  fault(rule: FaultRule): ActiveFault {
    return this.#faults.add(rule);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** failImage lets an image fail; see `Failing`. */
  failImage(image: Image | string, fails: Failing | null): void {
    this.image(image).fails = fails === null ? null : { ...fails };
  }

  /** nextJob sets how the next job behaves; several calls queue up. */
  nextJob(behaviour: JobBehaviour): void {
    this.state.nextJobs.push(behaviour);
  }

  /** deny takes a permission away; `allowAll` gives all of them back. */
  deny(denial: Denial): void {
    this.state.denials.push(denial);
  }

  allowAll(): void {
    this.state.denials.length = 0;
  }

  /** expireTokens ends every token issued so far. */
  expireTokens(): void {
    expireTokens(this.state);
  }

  /** expireTokensAfter ends them once so many authenticated IMS requests were let in; 0 lets none in, whichever comes first. */
  expireTokensAfter(requests: number): void {
    this.state.tokensDieAfter = requests;
  }

  /** oidcEnv is the environment that `id-token: write` gives a job. */
  oidcEnv(): { ACTIONS_ID_TOKEN_REQUEST_URL: string; ACTIONS_ID_TOKEN_REQUEST_TOKEN: string } {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.githubUrl}/_apis/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.github.requestToken,
    };
  }

  /** jwks is the key set that an administrator would paste. */
  jwks(kids: readonly string[] = [this.github.kid]): unknown {
    return jwks(kids);
  }

  /** secrets are all secrets of this cloud: passwords, keys, tokens, and ID tokens that were shown to it. */
  secrets(): string[] {
    const { users, keys, credentials, tokens, requests } = this.state;
    const shown = requests.flatMap(({ headers, body }) => [
      (headers['authorization'] ?? '').replace(/^(Bearer|token) /i, ''),
      text(body, 'auth', 'id_token', 'id') ?? '',
    ]);
    return [
      ...[...users.values()].map(({ password }) => password),
      ...[...keys.values()].flatMap(({ access, secret, securityToken }) => [access, secret, securityToken ?? '']),
      ...[...credentials.values()].map(({ secret }) => secret),
      ...tokens.keys(),
      this.github.token,
      this.github.requestToken,
      ...shown.filter((value) => !value.startsWith('SDK-HMAC-SHA256')),
    ].filter((value) => value !== '');
  }

  /** newRun forgets records, faults and denials; what was seeded and changed stays. */
  newRun(): void {
    this.state.requests.length = 0;
    this.state.violations.length = 0;
    this.state.updated.clear();
    this.state.nextJobs.length = 0;
    this.state.tokensDieAfter = null;
    this.github.statuses.length = 0;
    this.clearFaults();
    this.allowAll();
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#servers).map((server) => server.close()));
  }
}

/** startCloud starts four servers on free ports of loopback (or on the given ones). */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const state = new State(options);
  const faults = new Faults(state.random);
  const hub = new GitHub(state);
  const start = (name: ServerName, handle: (call: Call) => ReturnType<typeof iam>): Promise<Listening> =>
    listen({
      name,
      prefix: prefixOf(state, name),
      state,
      faults,
      handle,
      port: options.ports?.[name] ?? 0,
      tls: options.tls ?? null,
    });
  const [iamServer, imsServer, githubServer, elsewhere] = await Promise.all([
    start('iam', (call) => iam(state, call)),
    start('ims', (call) => ims(state, call)),
    start('github', (call) => github(state, hub, call)),
    start('elsewhere', () => ({ status: 200, body: {} })),
  ]);
  state.iamUrl = iamServer.url;
  state.imsUrl = imsServer.url;
  return new Cloud(state, faults, hub, { iam: iamServer, ims: imsServer, github: githubServer, elsewhere });
}
