/**
 * Keystone and Glance as processes of their own on loopback, each below a path, with SQLite.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './children.ts';
import { step } from './progress.ts';
import type { Python } from './python.ts';
import { Relay } from './relay.ts';
import { connect, type Rest } from './rest.ts';
import { ADMIN, configure, GLANCE, glanceConfig, keystoneConfig, REGION, template } from './template.ts';

const SERVE = join(import.meta.dirname, 'python/serve.py');

export interface Bed {
  /** Such as `http://127.0.0.1:4711/identity/v3`. */
  readonly authUrl: string;
  /** Glance itself, such as `http://127.0.0.1:4712/image`. */
  readonly imageUrl: string;
  /** Keystone and Glance as the cloud's administrator sees them. */
  readonly keystone: Rest;
  readonly glance: Rest;
  /** Glance as the catalog names it. */
  readonly relay: Relay;
  /** The ID of the service `image` in the catalog. */
  readonly imageService: string;
  readonly python: Python;
}

/** startBed starts both services and writes the catalog. */
export async function startBed(python: Python): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'openstack-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(await template(python), folder, { recursive: true });
  return await step('starting Keystone and Glance', async () => {
    const identity = await start(python, 'keystone', '/identity', folder, keystoneConfig(folder));
    const authUrl = `${identity}/v3`;
    const token = await adminToken(authUrl);
    const keystone = connect(authUrl, token);
    await addServiceUser(keystone);
    await addEndpoints(keystone, 'identity', identity, ['public', 'internal']);
    const imageUrl = await start(python, 'glance', '/image', folder, glanceConfig(folder, python, authUrl));
    const relay = new Relay(imageUrl);
    const imageService = await addEndpoints(keystone, 'image', await relay.listen(), ['public']);
    return { authUrl, imageUrl, keystone, glance: connect(imageUrl, token), relay, imageService, python };
  });
}

async function start(python: Python, service: string, path: string, folder: string, config: string): Promise<string> {
  const env = configure(folder, service, config);
  const log = join(folder, `${service}.log`);
  try {
    const port = await serve(python.program, [SERVE, service, path], log, { env });
    return `http://127.0.0.1:${port}${path}`;
  } catch (error) {
    throw new Error(`${service} does not start:\n${readFileSync(log, 'utf8').slice(-4000)}`, { cause: error });
  }
}

async function adminToken(authUrl: string): Promise<string> {
  const user = { name: 'admin', domain: { id: 'default' }, password: ADMIN };
  const scope = { project: { name: 'admin', domain: { id: 'default' } } };
  const answer = await connect(authUrl, '').send('POST', '/auth/tokens', {
    auth: { identity: { methods: ['password'], password: { user } }, scope },
  });
  return answer.headers.get('x-subject-token') ?? '';
}

/** Glance checks every token at Keystone, as a user of its own. */
async function addServiceUser(keystone: Rest): Promise<void> {
  const project = await keystone.create('project', { name: 'service', domain_id: 'default' });
  const user = await keystone.create('user', { name: 'glance', domain_id: 'default', password: GLANCE });
  for (const name of ['admin', 'service']) await keystone.grant(project, user, name);
}

/** Keystone wants an `internal` endpoint of its own in the catalog, or Glance answers 500 to every request. */
async function addEndpoints(keystone: Rest, type: string, url: string, interfaces: readonly string[]): Promise<string> {
  const service = await keystone.create('service', { type, name: type });
  for (const one of interfaces)
    await keystone.create('endpoint', { service_id: service, interface: one, url, region_id: REGION });
  return service;
}
