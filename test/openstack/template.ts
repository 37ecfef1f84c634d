/**
 * The configuration of Keystone and Glance, and their empty databases. These are made once and kept beside the virtual environment;
 * every run works on a copy.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './children.ts';
import { step } from './progress.ts';
import type { Python } from './python.ts';

const SELF = import.meta.filename;
/** The passwords of the administrator and of Glance's own user. */
export const ADMIN = 'admin-secret';
export const GLANCE = 'glance-secret';
export const REGION = 'RegionOne';

/** configure writes a service's configuration, and gives the variables that lead the service there. */
export function configure(folder: string, service: string, config: string): Record<string, string> {
  const name = service === 'glance' ? 'glance-api.conf' : 'keystone.conf';
  writeFileSync(join(folder, name), config);
  return { OS_KEYSTONE_CONFIG_DIR: folder, OS_GLANCE_CONFIG_DIR: folder };
}

/** keystoneConfig is the file keystone.conf. */
export function keystoneConfig(folder: string): string {
  return `
[database]
connection = sqlite:///${folder}/keystone.db
[fernet_tokens]
key_repository = ${folder}/fernet-keys
[fernet_receipts]
key_repository = ${folder}/fernet-keys
[credential]
key_repository = ${folder}/credential-keys
[identity]
password_hash_rounds = 4
[cache]
enabled = true
backend = dogpile.cache.memory
`;
}

/** glanceConfig is the file glance-api.conf. Glance would remember a token for five minutes, even one that was revoked meanwhile. */
export function glanceConfig(folder: string, python: Python, authUrl: string): string {
  return `
[DEFAULT]
enabled_backends = files:file
show_multiple_locations = false
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = ${folder}/images
[os_glance_staging_store]
filesystem_store_datadir = ${folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = ${folder}/tasks
[database]
connection = sqlite:///${folder}/glance.db
[paste_deploy]
flavor = keystone
config_file = ${python.folder}/venv/etc/glance/glance-api-paste.ini
[keystone_authtoken]
www_authenticate_uri = ${authUrl}
auth_url = ${authUrl}
auth_type = password
username = glance
password = ${GLANCE}
user_domain_id = default
project_name = service
project_domain_id = default
region_name = ${REGION}
service_token_roles_required = true
token_cache_time = -1
`;
}

/** template gives the folder with the empty databases and Keystone's keys. */
export async function template(python: Python): Promise<string> {
  const { program, folder } = python;
  const made = join(folder, `template-${createHash('sha256').update(readFileSync(SELF)).digest('hex').slice(0, 16)}`);
  if (existsSync(made)) return made;
  const draft = `${made}.draft`;
  rmSync(draft, { recursive: true, force: true });
  for (const name of ['images', 'staging', 'tasks', 'fernet-keys', 'credential-keys'])
    mkdirSync(join(draft, name), { recursive: true, mode: 0o700 });
  // What keystone-manage would write, but without a user and a group to give the keys to.
  for (const name of ['fernet-keys/0', 'fernet-keys/1', 'credential-keys/0', 'credential-keys/1'])
    writeFileSync(join(draft, name), `${randomBytes(32).toString('base64url')}=`);
  const manage = async (service: string, ...args: string[]) => {
    const config = service === 'keystone' ? keystoneConfig(draft) : glanceConfig(draft, python, 'http://127.0.0.1');
    const script = `import sys; from ${service}.cmd.manage import main; sys.argv[0] = "${service}-manage"; sys.exit(main())`;
    const file = join(draft, service === 'glance' ? 'glance-api.conf' : 'keystone.conf');
    const env = configure(draft, service, config);
    const { code, text } = await run(program, ['-c', script, '--config-file', file, ...args], { env });
    if (code !== 0) throw new Error(`${service}-manage ${args.join(' ')} failed:\n${text.slice(-4000)}`);
  };
  await step('making empty databases', async () => {
    await Promise.all([
      manage('glance', 'db', 'sync'),
      (async () => {
        await manage('keystone', 'db_sync');
        await manage('keystone', 'bootstrap', '--bootstrap-password', ADMIN, '--bootstrap-region-id', REGION);
      })(),
    ]);
  });
  renameSync(draft, made);
  return made;
}
