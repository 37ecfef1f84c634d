/**
 * How a workflow gives the action its credentials: as inputs, or as the variables of an openrc file. The files are as Horizon, devstack
 * and hosters write them; the values are the scenario's.
 */
import { REGION } from './template.ts';
import type { World } from './world.ts';

export type Variables = Readonly<Record<string, string>>;

/** password is the inputs of method *password*. */
export function password({ bed, receivers: { user, project } }: World): Variables {
  return {
    api: 'openstack',
    'auth-url': bed.authUrl,
    username: user.name,
    password: user.password,
    domain: user.domain.name,
    project: project.name,
  };
}

/** credential is the inputs of method *application credential*; it carries its project. */
export async function credential(world: World): Promise<Variables> {
  const { id, secret } = await world.addCredential();
  return {
    api: 'openstack',
    'auth-url': world.bed.authUrl,
    'application-credential-id': id,
    'application-credential-secret': secret,
  };
}

/** token is the inputs of method *token*, scoped to the receivers' project. */
export async function token(world: World): Promise<Variables> {
  const { user, project } = world.receivers;
  return { api: 'openstack', 'auth-url': world.bed.authUrl, token: await world.token(user, project) };
}

type OpenRc = (world: World) => Variables | Promise<Variables>;

/** The openrc files, by what wrote them. */
export const OPENRC = {
  Horizon: ({ bed, receivers: { user, project } }) => ({
    OS_AUTH_URL: `${bed.authUrl}/`,
    OS_PROJECT_ID: project.id,
    OS_PROJECT_NAME: project.name,
    OS_USER_DOMAIN_NAME: user.domain.name,
    OS_PROJECT_DOMAIN_ID: project.domain.id,
    OS_USERNAME: user.name,
    OS_PASSWORD: user.password,
    OS_REGION_NAME: REGION,
    OS_INTERFACE: 'public',
    OS_IDENTITY_API_VERSION: '3',
  }),
  'Horizon with an application credential': async (world) => {
    const { id, secret } = await world.addCredential();
    return {
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_AUTH_URL: `${world.bed.authUrl}/`,
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: REGION,
      OS_INTERFACE: 'public',
      OS_APPLICATION_CREDENTIAL_ID: id,
      OS_APPLICATION_CREDENTIAL_SECRET: secret,
    };
  },
  devstack: ({ bed, receivers: { user, project } }) => ({
    OS_PROJECT_NAME: project.name,
    OS_TENANT_NAME: project.name,
    OS_USERNAME: user.name,
    OS_PASSWORD: user.password,
    OS_REGION_NAME: REGION,
    OS_IDENTITY_API_VERSION: '3',
    OS_AUTH_TYPE: 'password',
    OS_AUTH_URL: bed.authUrl.replace(/\/v3$/, ''),
    OS_USER_DOMAIN_ID: user.domain.id,
    OS_PROJECT_DOMAIN_ID: project.domain.id,
    OS_VOLUME_API_VERSION: '3',
    OS_CACERT: '',
  }),
  'a hoster that still has tenants': ({ bed, receivers: { user, project } }) => ({
    OS_AUTH_URL: bed.authUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_USER_DOMAIN_NAME: user.domain.name,
    OS_PROJECT_DOMAIN_NAME: project.domain.name,
    OS_TENANT_ID: project.id,
    OS_TENANT_NAME: project.name,
    OS_USERNAME: user.name,
    OS_PASSWORD: user.password,
    OS_REGION_NAME: REGION,
  }),
  Kolla: ({ bed, receivers: { user, project } }) => ({
    OS_PROJECT_DOMAIN_NAME: project.domain.name,
    OS_USER_DOMAIN_NAME: user.domain.name,
    OS_PROJECT_NAME: project.name,
    OS_TENANT_NAME: project.name,
    OS_USERNAME: user.name,
    OS_PASSWORD: user.password,
    OS_AUTH_URL: bed.authUrl,
    OS_INTERFACE: 'public',
    OS_ENDPOINT_TYPE: 'publicURL',
    OS_IDENTITY_API_VERSION: '3',
    OS_REGION_NAME: REGION,
    OS_AUTH_PLUGIN: 'password',
  }),
} as const satisfies Readonly<Record<string, OpenRc>>;
