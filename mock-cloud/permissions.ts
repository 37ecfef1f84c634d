/**
 * Permissions: what a test took away from a project, a user or an image.
 */
import { flat, html, native, nested } from './answers.ts';
import type { State } from './state.ts';
import type { Answer, Call, Denial, Image, Principal } from './types.ts';

type CallKind = 'update' | 'image' | 'member' | 'list' | 'job';

/** The IAM actions that each call needs (OTC IMS API reference, "Permissions and Supported Actions"). */
const NEEDS: Record<CallKind, readonly Denial['action'][]> = {
  update: ['update', 'ims:images:share'],
  image: ['image', 'ims:images:get'],
  member: ['member', 'ims:images:get', 'ims:images:share'],
  list: ['list', 'ims:images:list'],
  job: ['job'],
};

/** denied gives the refusal of a call; `null` if the caller may make it. */
export function denied(state: State, call: Call, principal: Principal, kind: CallKind, image?: Image): Answer | null {
  const denial = state.denials.find(
    (one) => NEEDS[kind].includes(one.action) && concerns(state, one, principal, image),
  );
  return denial === undefined ? null : refusal(denial, call, kind);
}

function concerns(state: State, denial: Denial, principal: Principal, image: Image | undefined): boolean {
  const project = typeof denial.project === 'object' ? denial.project.id : denial.project;
  if (project !== undefined && project !== principal.project?.id && project !== principal.project?.name) return false;
  if (denial.user !== undefined && denial.user !== principal.identity.name) return false;
  if (denial.image !== undefined && denial.image !== image?.id) return false;
  if (denial.memberStatus === undefined) return true;
  const member = image?.members.get(principal.project?.id ?? '');
  return member !== undefined && state.seen(member, 'memberAt') === denial.memberStatus;
}

function refusal({ status = 403, shape }: Denial, call: Call, kind: CallKind): Answer {
  const message =
    status === 404
      ? 'No image found.'
      : `You are not authorized to complete ${kind === 'update' ? 'modify_member' : `get_${kind}`} action.`;
  const isNative = call.path.startsWith('/v2/images');
  switch (shape ?? (isNative ? 'native' : 'ims')) {
    case 'native':
      return native(status, message, call.headers['accept']);
    case 'gateway':
      return flat(status, 'APIG.0306', 'Access to the API is denied.');
    default:
      return status === 404
        ? html(status, message)
        : nested(status, 'IMG.0026', 'The role does not have the permission to perform this action.');
  }
}
