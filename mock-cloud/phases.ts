/**
 * Which part of a run a request belongs to, judged from the request alone.
 */
import type { Phase } from './fault-types.ts';
import type { State } from './state.ts';
import type { Call } from './types.ts';

const MEMBER = /^\/(?:v2\/images|v1\/[^/]+\/cloudimages)\/[^/]+\/members(\/([^/]+))?$/;

function projectOf(state: State, call: Call): string | null {
  const member = MEMBER.exec(call.path)?.[2];
  return (
    member ?? state.tokens.get(call.headers['x-auth-token'] ?? '')?.project?.id ?? call.headers['x-project-id'] ?? null
  );
}

function iamPhase({ method, path }: Call): Phase | null {
  if (path === '/v3/auth/tokens') return method === 'POST' ? 'login' : 'introspect';
  if (path === '/v3.0/OS-AUTH/id-token/tokens' || path.startsWith('/v3/OS-FEDERATION/')) return 'login';
  if (path === '/v3/projects' || path === '/v3/auth/projects') return 'projects';
  return null;
}

function imsPhases(state: State, call: Call): Phase[] {
  const { method, path } = call;
  if (method === 'PUT') return ['update'];
  if (/^\/v1\/([^/]+\/jobs|cloudimages\/job)\//.test(path)) return ['job'];
  if (method !== 'GET') return [];
  const kind = readKind(path);
  if (kind === null) return [];
  const project = projectOf(state, call);
  return project !== null && state.updated.has(project) ? ['prove', `prove-${kind}`] : ['look', `look-${kind}`];
}

function readKind(path: string): 'list' | 'member' | 'image' | null {
  if (path === '/v2/cloudimages' || path === '/v2/images') return 'list';
  if (MEMBER.test(path)) return 'member';
  return /^\/v2\/images\/[^/]+$/.test(path) ? 'image' : null;
}

/** phasesOf names all phases of a request; every request has `any`. */
export function phasesOf(state: State, call: Call): Phase[] {
  const phases: Phase[] = ['any'];
  if (call.server === 'iam') {
    const phase = iamPhase(call);
    if (phase !== null) phases.push(phase);
  } else if (call.server === 'ims') {
    phases.push(...imsPhases(state, call));
  } else if (call.server === 'github') {
    if (call.path.includes('/statuses/')) phases.push('status');
    else if (call.path.includes('/idtoken')) phases.push('id-token');
  }
  return phases;
}

/** noteUpdate remembers that an update was sent, so that the project's later reads are proofs. */
export function noteUpdate(state: State, call: Call, phases: readonly Phase[]): void {
  if (!phases.includes('update')) return;
  const project = projectOf(state, call);
  if (project !== null) state.updated.add(project);
  const { body } = call;
  if (typeof body === 'object' && body !== null && 'project_id' in body && typeof body.project_id === 'string')
    state.updated.add(body.project_id);
}
