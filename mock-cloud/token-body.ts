/**
 * The body of a token answer, with its catalog.
 */
import { micros } from './clock.ts';
import type { State } from './state.ts';
import type { Domain, Project, Token } from './types.ts';

function domainBody({ id, name }: Domain): Record<string, unknown> {
  return { id, name };
}

function regionOf(project: Project): string {
  return project.name.split('_', 1)[0] ?? project.name;
}

/** The real region comes last, so that whoever takes the first entry is found out. */
function plainCatalog(state: State): unknown[] {
  const endpoint = (region: string, url: string, face = 'public') => ({
    id: state.random.hex(),
    interface: face,
    region,
    region_id: region,
    url,
  });
  const images = [
    ...state.settings.otherRegions.map((region) => endpoint(region, 'http://127.0.0.1:9/image')),
    endpoint('RegionOne', 'http://127.0.0.1:9/image', 'internal'),
    endpoint('RegionOne', state.settings.catalogImsUrl ?? state.imsUrl),
  ];
  return [
    { type: 'identity', id: state.random.hex(), name: 'keystone', endpoints: [endpoint('RegionOne', state.iamUrl)] },
    { type: 'image', id: state.random.hex(), name: 'glance', endpoints: images },
  ];
}

function catalog(state: State, project: Project): unknown[] {
  if (state.settings.service === 'openstack') return plainCatalog(state);
  const region = regionOf(project);
  const entry = (type: string, name: string, url: string, where: string): unknown => ({
    type,
    id: state.random.hex(),
    name,
    endpoints: [{ id: state.random.hex(), interface: 'public', region: where, region_id: where, url }],
  });
  return [
    entry('identity', 'iam', `${state.iamUrl}/v3`, '*'),
    entry('compute', 'ecs', `https://ecs.${region}.example.invalid/v2/${project.id}`, region),
    entry('image', 'glance', state.settings.catalogImsUrl ?? state.imsUrl, region),
    entry('volumev2', 'evs', `https://evs.${region}.example.invalid/v2/${project.id}`, region),
  ];
}

function userBody(token: Token): Record<string, unknown> {
  const { identity, identityProvider, assumedBy } = token;
  const user = {
    id: identity.id,
    name: assumedBy === null ? identity.name : `${assumedBy.name}/${identity.name}`,
    domain: domainBody(identity.domain),
  };
  if (identityProvider === null) return { ...user, password_expires_at: '' };
  return {
    ...user,
    'OS-FEDERATION': {
      identity_provider: { id: identityProvider },
      protocol: { id: 'oidc' },
      groups: [{ id: identity.id.slice(0, 16), name: 'image-receivers' }],
    },
  };
}

/** tokenBody renders a token; `project: false` leaves the project out, as the documented OIDC example does. */
export function tokenBody(
  state: State,
  token: Token,
  shows: { readonly catalog: boolean; readonly project: boolean },
): unknown {
  const { project, assumedBy } = token;
  const body: Record<string, unknown> = {
    methods: token.methods,
    expires_at: micros(token.expiresAt),
    issued_at: micros(token.issuedAt),
    user: userBody(token),
  };
  if (assumedBy !== null)
    body['assumed_by'] = { user: { id: assumedBy.id, name: assumedBy.name, domain: domainBody(assumedBy.domain) } };
  if (project === null) return { token: body };
  body['roles'] = [{ id: '0', name: 'op_gated_ims' }];
  if (shows.project) body['project'] = { id: project.id, name: project.name, domain: domainBody(project.domain) };
  if (shows.catalog) body['catalog'] = catalog(state, project);
  return { token: body };
}
