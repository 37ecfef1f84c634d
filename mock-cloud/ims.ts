/**
 * IMS: which path leads to which call. Every call needs credentials; their project decides what they see.
 */
import { flat, html } from './answers.ts';
import { recognise } from './auth.ts';
import { jobByNewPath, jobByOldPath } from './jobs.ts';
import { listImages } from './lists.ts';
import { listRefused, noSuchCall, tokenRefused, withProject } from './openstack.ts';
import type { Withdrawable } from './options.ts';
import { addMember, listMembers, readImage, readMember, readMemberNewer, removeMember, setMember } from './reads.ts';
import type { State } from './state.ts';
import { expireTokens } from './tokens.ts';
import type { Answer, Call, Principal } from './types.ts';
import { addMembers, removeMembers, updateMembers } from './updates.ts';

type Action = (state: State, call: Call, principal: Principal, ...ids: string[]) => Answer;

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly action: Action;
  readonly as?: Withdrawable;
}

const ROUTES: readonly Route[] = [
  { method: 'PUT', path: /^\/v1\/cloudimages\/members$/, action: updateMembers, as: 'update' },
  {
    method: 'GET',
    path: /^\/v1\/([^/]+)\/cloudimages\/([^/]+)\/members\/([^/]+)$/,
    action: readMemberNewer,
    as: 'newer-member',
  },
  { method: 'POST', path: /^\/v1\/cloudimages\/members$/, action: addMembers },
  { method: 'DELETE', path: /^\/v1\/cloudimages\/members$/, action: removeMembers },
  { method: 'GET', path: /^\/v1\/([^/]+)\/jobs\/([^/]+)$/, action: jobByOldPath, as: 'old-job' },
  { method: 'GET', path: /^\/v1\/cloudimages\/job\/([^/]+)$/, action: jobByNewPath, as: 'new-job' },
  { method: 'GET', path: /^\/v2\/cloudimages$/, action: listImages, as: 'list' },
  { method: 'GET', path: /^\/v2\/images$/, action: listImages, as: 'list' },
  { method: 'GET', path: /^\/v2\/images\/([^/]+)$/, action: readImage, as: 'image' },
  { method: 'GET', path: /^\/v2\/images\/([^/]+)\/members$/, action: listMembers },
  { method: 'POST', path: /^\/v2\/images\/([^/]+)\/members$/, action: addMember },
  { method: 'GET', path: /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, action: readMember, as: 'member' },
  { method: 'PUT', path: /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, action: setMember },
  { method: 'DELETE', path: /^\/v2\/images\/([^/]+)\/members\/([^/]+)$/, action: removeMember },
];

/** ims answers a request to the IMS server. */
export function ims(state: State, call: Call): Answer {
  const route = ROUTES.find(({ method, path }) => method === call.method && path.test(call.path));
  const isPlain = state.settings.service === 'openstack';
  if (route === undefined || (isPlain && !call.path.startsWith('/v2/images'))) return noRoute(state, call, isPlain);
  if (route.as !== undefined && state.settings.withdrawn.includes(route.as)) return withdrawn(state);
  if (state.tokensDieAfter === 0) endTokens(state);
  const caller = recognise(state, call, 'gateway');
  if (!caller.ok) return isPlain ? tokenRefused(state, call) : caller.answer;
  countDown(state);
  if (call.path.startsWith('/v2/images') && !(call.headers['accept'] ?? '').includes('application/json')) {
    state.violate(`ims ${call.method} ${call.path}: native calls need Accept: application/json, else errors are HTML`);
  }
  const ids = (route.path.exec(call.path) ?? []).slice(1).map((id) => decodeURIComponent(id));
  inspectIds(state, call, ids);
  const { principal } = caller;
  if (isPlain && principal.project === null && call.path === '/v2/images') return listRefused(call);
  return route.action(state, call, isPlain ? withProject(principal) : principal, ...ids);
}

function inspectIds(state: State, call: Call, ids: readonly string[]): void {
  for (const id of ids) {
    if (/[A-Z]/.test(id) && /^[0-9a-fA-F-]{36}$/.test(id))
      state.violate(`ims ${call.method} ${call.path}: image ID in upper case`);
  }
}

function noRoute(state: State, call: Call, isPlain: boolean): Answer {
  state.violate(`ims ${call.method} ${call.path}: no such call`);
  return isPlain
    ? noSuchCall(state, call)
    : flat(404, 'APIG.0101', 'The API does not exist or has not been published in the environment.');
}

/** How a host answers that does not offer a call. */
function withdrawn(state: State): Answer {
  switch (state.settings.withdrawnAs) {
    case 'page':
      return html(404, 'The requested URL was not found on this server.');
    case 'bare':
      return { status: 404 };
    default:
      return flat(404, 'APIG.0101', 'The API does not exist or has not been published in the environment.');
  }
}

/** Tokens set to die after so many requests die once this one has been let in. */
function countDown(state: State): void {
  if (state.tokensDieAfter === null) return;
  state.tokensDieAfter -= 1;
  if (state.tokensDieAfter <= 0) endTokens(state);
}

function endTokens(state: State): void {
  state.tokensDieAfter = null;
  expireTokens(state);
}
