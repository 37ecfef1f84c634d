/**
 * What a scenario finds in the cloud: a project that builds images, a project that receives them, and a user in each. Every scenario
 * has projects of its own, so no scenario sees another's.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Bed } from './bed.ts';
import { run } from './children.ts';
import { at, connect, type Rest, text } from './rest.ts';
import { REGION } from './template.ts';

const CLIENT = join(import.meta.dirname, 'python/client.py');

export interface Domain {
  readonly id: string;
  readonly name: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly domain: Domain;
}

export interface Tenant {
  readonly project: Project;
  readonly user: User;
  readonly token: string;
  /** Glance as this tenant. */
  readonly glance: Rest;
}

/** How an image stands with the receivers' project; `queued` is shared and pending, but has no data yet. */
export type Standing =
  | 'pending'
  | 'accepted'
  | 'rejected'
  | 'not shared'
  | 'queued'
  | 'public'
  | 'community'
  | 'deactivated';

export interface ImageSpec {
  readonly standing: Standing;
  readonly name?: string;
  /** Default: the builders. */
  readonly owner?: Tenant;
  /** Further properties of the image. */
  readonly extra?: Readonly<Record<string, string | boolean>>;
}

export class World {
  readonly bed: Bed;
  readonly builders: Tenant;
  readonly receivers: Tenant;
  /** What no run may print. */
  readonly secrets: string[];
  readonly #undo: string[] = [];
  readonly #owners = new Map<string, Tenant>();

  private constructor(bed: Bed, builders: Tenant, receivers: Tenant) {
    this.bed = bed;
    this.builders = builders;
    this.receivers = receivers;
    this.secrets = [builders, receivers].flatMap(({ user, token }) => [user.password, token]);
  }

  static async make(bed: Bed): Promise<World> {
    return new World(bed, await addTenant(bed, 'builders'), await addTenant(bed, 'receivers'));
  }

  addTenant(name: string): Promise<Tenant> {
    return addTenant(this.bed, name);
  }

  /** addProject adds one to the receivers' domain, or to another, and lets the receivers' user in. */
  async addProject(name: string, role: 'member' | 'reader' | null = 'member', domain?: Domain): Promise<Project> {
    const { user } = this.receivers;
    const home = domain ?? user.domain;
    const id = await this.bed.keystone.create('project', { name, domain_id: home.id });
    if (role !== null) await this.bed.keystone.grant(id, user.id, role);
    return { id, name, domain: home };
  }

  /** addRegion lists one more region in the catalog, for this scenario only. */
  async addRegion(id: string, imageUrl: string): Promise<void> {
    const { keystone, imageService } = this.bed;
    await keystone.create('region', { id });
    const fields = { service_id: imageService, interface: 'public', url: imageUrl, region_id: id };
    const endpoint = await keystone.create('endpoint', fields);
    this.#undo.push(`/endpoints/${endpoint}`, `/regions/${id}`);
  }

  /** end removes what other scenarios would see: what was added to the catalog, and the images, of which some are public. */
  async end(): Promise<void> {
    for (const path of this.#undo) await this.bed.keystone.send('DELETE', path);
    for (const image of this.#owners.keys()) await this.bed.glance.ask('DELETE', `/v2/images/${image}`);
  }

  /** client lets openstacksdk read, or first set, the receivers' member status. */
  async client(image: string, status?: string): Promise<string> {
    const { user, project } = this.receivers;
    const env = {
      OS_AUTH_URL: this.bed.authUrl,
      OS_USERNAME: user.name,
      OS_PASSWORD: user.password,
      OS_USER_DOMAIN_ID: user.domain.id,
      OS_PROJECT_ID: project.id,
      OS_REGION_NAME: REGION,
    };
    const args = [CLIENT, image, project.id, ...(status === undefined ? [] : [status])];
    const { code, text: printed } = await run(this.bed.python.program, args, { env });
    if (code !== 0) throw new Error(printed);
    return printed.trim().split('\n').at(-1) ?? '';
  }

  addDomain(name: string): Promise<Domain> {
    return addDomain(this.bed, name);
  }

  /** addCredential adds an application credential of the receivers' user for their project. */
  async addCredential(): Promise<{ readonly id: string; readonly secret: string }> {
    const { user, token } = this.receivers;
    const secret = randomBytes(24).toString('hex');
    this.secrets.push(secret);
    const { body } = await connect(this.bed.authUrl, token).send('POST', `/users/${user.id}/application_credentials`, {
      application_credential: { name: 'ci', secret },
    });
    return { id: text(at(body, 'application_credential', 'id')), secret };
  }

  /** upload gives an image its data, which makes it `active`. */
  async upload(image: string): Promise<void> {
    await this.#ownerOf(image).glance.send('PUT', `/v2/images/${image}/file`, new Uint8Array([1, 2, 3]));
  }

  /** addImage adds an image and shares it as told. */
  async addImage({ standing, name = 'golden', owner = this.builders, extra = {} }: ImageSpec): Promise<string> {
    const format = { disk_format: 'raw', container_format: 'bare' };
    const { body } = await owner.glance.send('POST', '/v2/images', { name, visibility: 'shared', ...format, ...extra });
    const id = text(at(body, 'id'));
    this.#owners.set(id, owner);
    if (standing !== 'queued') await this.upload(id);
    if (standing === 'public' || standing === 'community') await this.setVisibility(id, standing);
    else if (standing !== 'not shared') await this.share(id, this.receivers.project);
    if (standing === 'accepted' || standing === 'rejected') await this.answer(id, standing);
    if (standing === 'deactivated') await this.bed.glance.send('POST', `/v2/images/${id}/actions/deactivate`);
    return id;
  }

  private async setVisibility(image: string, value: string): Promise<void> {
    const patch = JSON.stringify([{ op: 'replace', path: '/visibility', value }]);
    const type = 'application/openstack-images-v2.1-json-patch';
    await this.bed.glance.ask('PATCH', `/v2/images/${image}`, new TextEncoder().encode(patch), {
      'Content-Type': type,
    });
  }

  /** answer sets the receivers' member status, as they would without the action. */
  async answer(image: string, status: 'accepted' | 'rejected'): Promise<void> {
    const { glance, project } = this.receivers;
    await glance.send('PUT', `/v2/images/${image}/members/${project.id}`, { status });
  }

  #ownerOf(image: string): Tenant {
    return this.#owners.get(image) ?? this.builders;
  }

  async share(image: string, project: Project): Promise<void> {
    await this.#ownerOf(image).glance.send('POST', `/v2/images/${image}/members`, { member: project.id });
  }

  async unshare(image: string, project: Project): Promise<void> {
    await this.#ownerOf(image).glance.send('DELETE', `/v2/images/${image}/members/${project.id}`);
  }

  /** statusOf is the truth: the member status that Glance shows the image's owner; `null` if the image is not shared. */
  async statusOf(image: string, project: string): Promise<string | null> {
    const { status, body } = await this.#ownerOf(image).glance.ask('GET', `/v2/images/${image}/members/${project}`);
    return status === 404 ? null : text(at(body, 'status'));
  }

  /** token logs a user in; without a project the token is unscoped. */
  async token(user: User, project: Project | null): Promise<string> {
    const token = await login(this.bed, user, project);
    this.secrets.push(token);
    return token;
  }
}

let made = 0;

async function addDomain(bed: Bed, name: string): Promise<Domain> {
  made += 1;
  const unique = `${name}-${made}`;
  return { id: await bed.keystone.create('domain', { name: unique }), name: unique };
}

async function addTenant(bed: Bed, name: string): Promise<Tenant> {
  const domain = await addDomain(bed, name);
  const project: Project = {
    id: await bed.keystone.create('project', { name: `${name}-images`, domain_id: domain.id }),
    name: `${name}-images`,
    domain,
  };
  const password = randomBytes(16).toString('hex');
  const id = await bed.keystone.create('user', { name: `${name}-ci`, domain_id: domain.id, password });
  const user: User = { id, name: `${name}-ci`, password, domain };
  await bed.keystone.grant(project.id, id, 'member');
  const token = await login(bed, user, project);
  return { project, user, token, glance: connect(bed.imageUrl, token) };
}

async function login(bed: Bed, { id, password }: User, project: Project | null): Promise<string> {
  const identity = { methods: ['password'], password: { user: { id, password } } };
  const scope = project === null ? {} : { scope: { project: { id: project.id } } };
  const answer = await connect(bed.authUrl, '').send('POST', '/auth/tokens', { auth: { identity, ...scope } });
  return answer.headers.get('x-subject-token') ?? '';
}
