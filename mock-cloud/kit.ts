/**
 * A small client for the cloud's own tests: plain requests, and a login.
 */
import { createHash, createHmac } from 'node:crypto';
import { type Cloud, type CloudOptions, startCloud } from './index.ts';
import { at } from './rules.ts';
import type { AccessKey, Image, Project, User } from './types.ts';

export interface World {
  readonly cloud: Cloud;
  readonly project: Project;
  readonly owner: Project;
  readonly user: User;
  readonly token: string;
  readonly image: Image;
}

/** world starts a cloud with a member project, an owner project and one pending image. */
export async function world(options: CloudOptions = {}): Promise<World> {
  const cloud = await startCloud(options);
  const domain = cloud.addDomain({ name: 'receivers' });
  const project = cloud.addProject({ name: 'eu-de_team', domain });
  const owner = cloud.addProject({ name: 'eu-de_builders', domain: cloud.addDomain({ name: 'builders' }) });
  const user = cloud.addUser({ name: 'alice', domain, projects: [project] });
  const token = cloud.issueToken({ user, project });
  const image = cloud.addImage({ name: 'golden', owner });
  cloud.share(image, project);
  return { cloud, project, owner, user, token, image };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
  /** Walks into the body. */
  at(...keys: readonly string[]): unknown;
  /** The same, for texts. */
  say(...keys: readonly string[]): string;
}

/** ask sends one request. An object as body goes out as JSON. */
export async function ask(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Reply> {
  const init: RequestInit = { method, headers: { accept: 'application/json', ...headers }, redirect: 'manual' };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json', ...init.headers };
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
  }
  const response = await fetch(url, init);
  const text = await response.text();
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: the text is there.
  }
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed,
    at: (...keys) => at(parsed, ...keys),
    say: (...keys) => String(at(parsed, ...keys)),
  };
}

/** signed gives the headers of a signed request (form `Access=`), made by hand for a URL without special characters. */
export function signed(
  key: AccessKey,
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body = '',
  at = Date.now(),
): Record<string, string> {
  const { host, pathname, search } = new URL(url);
  const date = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const all: Record<string, string> = { ...headers, host, 'x-sdk-date': date };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = [method, `${pathname}/`, search.slice(1), lines, names.join(';'), hash(body)].join('\n');
  const signature = createHmac('sha256', key.secret)
    .update(`SDK-HMAC-SHA256\n${date}\n${hash(canonical)}`)
    .digest('hex');
  return {
    ...headers,
    'x-sdk-date': date,
    authorization: `SDK-HMAC-SHA256 Access=${key.access}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** update is the body of PUT /v1/cloudimages/members. */
export function update(
  project: Project,
  images: readonly (Image | string)[],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    images: images.map((image) => (typeof image === 'string' ? image : image.id)),
    project_id: project.id,
    status: 'accepted',
    ...more,
  };
}
