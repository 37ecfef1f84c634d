/**
 * The native calls for one image: GET image, GET member(s), and the synchronous member calls. Status, order of checks and messages are
 * those of Glance 33.0; `npm run test:openstack` compares them.
 */
import { json, native } from './answers.ts';
import { canSee, imageBody, isForAll, memberBody } from './images.ts';
import { denied } from './permissions.ts';
import { at, checkQuery, isObject, text } from './rules.ts';
import { schemaFault } from './schemas.ts';
import type { State } from './state.ts';
import type { Answer, Call, Image, Member, Principal } from './types.ts';

function noImage(call: Call, id: string): Answer {
  return native(404, `No image found with ID ${id}`, call.headers['accept']);
}

/** Glance 33.0: the member calls name a missing image in other words than the image call. */
function noSharedImage(call: Call, id: string): Answer {
  return native(404, `Image ${id} not found.`, call.headers['accept']);
}

function noMember(call: Call, image: string, member: string): Answer {
  return native(404, `${member} not found in the member list of the image ${image}.`, call.headers['accept']);
}

/** Glance 33.0: to read a member of an image for all is 404, all else about its members is 403. */
const PUBLIC = 'Only shared images have members.';

function notAllowed(call: Call, what: string, id: string, why = ''): Answer {
  return native(
    403,
    `Not allowed to ${what} members for image ${id}${why === '' ? '.' : `: ${why}`}`,
    call.headers['accept'],
  );
}

function visible(state: State, id: string, principal: Principal): Image | undefined {
  const image = state.images.get(id);
  return image !== undefined && canSee(image, principal) ? image : undefined;
}

/** readImage is GET /v2/images/{id}. */
export function readImage(state: State, call: Call, principal: Principal, id = ''): Answer {
  checkQuery(state, call, []);
  const image = visible(state, id, principal);
  return (
    denied(state, call, principal, 'image', image) ??
    (image === undefined ? noImage(call, id) : json(200, imageBody(state, image, principal)))
  );
}

/** A member sees its own entry, the owner all of them, and a token without a project whatever it asks for. */
function seenMember(image: Image, wanted: string, { project }: Principal): Member | undefined {
  if (project !== null && project.id !== image.owner && project.id !== wanted) return undefined;
  return image.members.get(wanted);
}

/** readMember is GET /v2/images/{id}/members/{project}. */
export function readMember(state: State, call: Call, principal: Principal, id = '', wanted = ''): Answer {
  checkQuery(state, call, []);
  const image = visible(state, id, principal);
  const refusal = denied(state, call, principal, 'member', image);
  if (refusal !== null) return refusal;
  if (image === undefined) return noSharedImage(call, id);
  if (isForAll(image)) return native(404, PUBLIC, call.headers['accept']);
  const member = image.byAccount ? undefined : seenMember(image, wanted, principal);
  return member === undefined ? noMember(call, id, wanted) : json(200, memberBody(state, image, member));
}

/** readMemberNewer is GET /v1/{project}/cloudimages/{id}/members/{member}, which newer editions have instead. */
export function readMemberNewer(state: State, call: Call, principal: Principal, _ = '', id = '', wanted = ''): Answer {
  const answer = readMember(state, call, principal, id, wanted);
  return answer.status === 200 ? json(200, { member: answer.body }) : answer;
}

/** listMembers is GET /v2/images/{id}/members. */
export function listMembers(state: State, call: Call, principal: Principal, id = ''): Answer {
  checkQuery(state, call, ['limit', 'marker']);
  const image = visible(state, id, principal);
  const refusal = denied(state, call, principal, 'member', image);
  if (refusal !== null) return refusal;
  if (image === undefined) return noSharedImage(call, id);
  if (isForAll(image)) return notAllowed(call, 'list', id, PUBLIC);
  const members = [...image.members.values()].filter(
    (member) => seenMember(image, member.project, principal) !== undefined,
  );
  return json(200, {
    members: members.map((member) => memberBody(state, image, member)),
    schema: '/v2/schemas/members',
  });
}

/** setMember is PUT /v2/images/{id}/members/{project}: the synchronous update. */
export function setMember(state: State, call: Call, principal: Principal, id = '', wanted = ''): Answer {
  const fault = schemaFault('updateMember', call.body);
  if (fault !== null) state.violate(`ims PUT ${call.path}: ${fault}`);
  const image = visible(state, id, principal);
  const refusal = denied(state, call, principal, 'update', image);
  if (refusal !== null) return refusal;
  const malformed = bodyFault(call.body);
  if (malformed !== null) return native(400, malformed, call.headers['accept']);
  if (image === undefined) return noSharedImage(call, id);
  if (isForAll(image)) return notAllowed(call, 'update', id);
  if (principal.project === null) return forbidden(call, 'modify_member');
  const member = seenMember(image, wanted, principal);
  if (member === undefined) return noMember(call, id, wanted);
  if (principal.project.id === image.owner) return forbidden(call, 'modify_member');
  const status = at(call.body, 'status');
  if (status !== 'pending' && status !== 'accepted' && status !== 'rejected')
    return native(
      400,
      'Incorrect request: Status must be "pending", "accepted" or "rejected".',
      call.headers['accept'],
    );
  state.change(image, member, status, state.now(), {});
  return json(200, memberBody(state, image, member));
}

/** Glance 33.0: the shape of the body is checked before the image is looked for, the status only after it was found. */
function bodyFault(body: unknown): string | null {
  if (body === null) return 'Body expected in request.';
  if (typeof body !== 'object') return 'Unexpected body type. Expected list/dict.';
  if (!isObject(body)) return 'Expected a status in the form: {"status": "status"}';
  return body['status'] === undefined ? 'Status not specified' : null;
}

function forbidden(call: Call, action: string): Answer {
  return native(403, `You are not authorized to complete ${action} action.`, call.headers['accept']);
}

/** addMember is POST /v2/images/{id}/members, for the owner. */
export function addMember(state: State, call: Call, principal: Principal, id = ''): Answer {
  const image = visible(state, id, principal);
  if (image === undefined) return noSharedImage(call, id);
  if (principal.project?.id !== image.owner) return forbidden(call, 'add_member');
  const wanted = isObject(call.body) ? text(call.body, 'member') : undefined;
  if (wanted === undefined) return native(400, 'Member to be added not specified', call.headers['accept']);
  if (isForAll(image)) return notAllowed(call, 'create', id);
  if (image.members.has(wanted))
    return native(409, `Member ${wanted} is duplicated for image ${id}`, call.headers['accept']);
  state.share(image, wanted, 'pending');
  const member = image.members.get(wanted);
  return member === undefined ? noMember(call, id, wanted) : json(200, memberBody(state, image, member));
}

/** removeMember is DELETE /v2/images/{id}/members/{project}, for the owner. */
export function removeMember(state: State, call: Call, principal: Principal, id = '', wanted = ''): Answer {
  const image = visible(state, id, principal);
  if (image === undefined) return noSharedImage(call, id);
  if (principal.project?.id !== image.owner) return forbidden(call, 'delete_member');
  return image.members.delete(wanted) ? { status: 204 } : noMember(call, id, wanted);
}
