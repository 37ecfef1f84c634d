/**
 * The batch calls on members. The update is checked as a whole first; only then a job begins (OTC IMS API reference, "Image Sharing").
 */
import { flat, flowControl, json, nested } from './answers.ts';
import { isFullEcs } from './images.ts';
import { beginJob, newJobId } from './jobs.ts';
import { denied } from './permissions.ts';
import { at, isObject, mediaType, text } from './rules.ts';
import { schemaFault } from './schemas.ts';
import { failsIn, type State } from './state.ts';
import type { Answer, Call, Image, Principal } from './types.ts';

interface Update {
  readonly images: readonly string[];
  readonly project: string;
  readonly status: 'accepted' | 'rejected';
  readonly vault: string | null;
}

function refuse(state: State, code: string, message: string): Answer {
  return state.settings.imsErrors === 'nested' ? nested(400, code, message) : flat(400, code, message);
}

/** updateMembers is PUT /v1/cloudimages/members. */
export function updateMembers(state: State, call: Call, principal: Principal): Answer {
  const malformed = malformedBody(state, call);
  if (malformed !== null) return malformed;
  const update = updateOf(call);
  const refusal = denied(state, call, principal, 'update');
  if (refusal !== null) return refusal;
  if (update.project !== principal.project?.id)
    return refuse(state, 'IMG.0030', 'The project ID is invalid or does not match the token.');
  if ([...state.jobs.values()].filter(({ settled }) => !settled).length >= state.settings.mostJobs)
    return flowControl();
  const images: Image[] = [];
  for (const id of update.images) {
    const image = state.images.get(id);
    const wrong = imageFault(state, update, id, image);
    if (wrong !== null) return wrong;
    if (image !== undefined) images.push(image);
  }
  return (
    vaultFault(state, update, images) ??
    json(200, { job_id: beginJob(state, update.project, update.status, images).id })
  );
}

function malformedBody(state: State, call: Call): Answer | null {
  const where = `ims PUT ${call.path}`;
  if (mediaType(call.headers['content-type']) !== 'application/json') {
    state.violate(`${where}: Content-Type must be application/json`);
    return refuse(state, 'IMG.0001', 'The request cannot be parsed.');
  }
  if (call.raw.length === 0) {
    state.violate(`${where}: without a body`);
    return refuse(state, 'IMG.0007', 'The request body is empty.');
  }
  const fault = schemaFault('updateMembers', call.body);
  if (fault !== null) {
    state.violate(`${where}: ${fault}`);
    return refuse(state, 'IMG.0001', 'The request cannot be parsed.');
  }
  const { images, status, vault } = updateOf(call);
  for (const name of isObject(call.body) ? Object.keys(call.body) : []) {
    if (!['images', 'project_id', 'status', 'vault_id'].includes(name))
      state.violate(`${where}: field ${name} is not documented`);
  }
  if (new Set(images).size !== images.length) state.violate(`${where}: an image is named twice`);
  if (images.some((id) => id !== id.toLowerCase())) state.violate(`${where}: image ID in upper case`);
  if (status === 'rejected' && vault !== null) state.violate(`${where}: a vault is for accepting only`);
  if (images.length <= state.settings.maxBatch) return null;
  state.violate(`${where}: ${images.length} images in one update`);
  return refuse(state, 'IMG.0001', 'Too many images in one request.');
}

function updateOf({ body }: Call): Update {
  const images = at(body, 'images');
  return {
    images: Array.isArray(images) ? images.map(String) : [],
    project: text(body, 'project_id') ?? '',
    status: text(body, 'status') === 'rejected' ? 'rejected' : 'accepted',
    vault: text(body, 'vault_id') ?? null,
  };
}

function imageFault(state: State, update: Update, id: string, image: Image | undefined): Answer | null {
  if (image?.owner === update.project) return refuse(state, 'IMG.0178', 'The image belongs to the project itself.');
  if (image === undefined || !image.members.has(update.project))
    return refuse(state, 'IMG.0066', 'The image ID is incorrect.');
  const fails = failsIn(image, 'request', update.status);
  if (fails === null) return null;
  const message = fails.message ?? 'The image cannot be used.';
  return refuse(state, fails.code, fails.naming === false ? message : `${message} Image: ${id}.`);
}

function vaultFault(state: State, { vault: id, project, status }: Update, images: readonly Image[]): Answer | null {
  const needing = status === 'accepted' ? images.filter((image) => isFullEcs(image)) : [];
  if (needing.length === 0) {
    if (id === null || state.settings.superfluousVault === 'ignore') return null;
    return refuse(state, 'IMG.0031', 'The vault is not needed by any of the images.');
  }
  const vault = id === null ? undefined : state.vaults.get(id);
  if (vault === undefined || vault.project !== project)
    return refuse(state, 'IMG.0184', 'The vault cannot be queried.');
  if (vault.objectType !== 'server' || vault.protectType !== 'backup')
    return refuse(state, 'IMG.0193', 'The vault is not a server backup vault.');
  if (vault.status !== 'available') return refuse(state, 'IMG.0188', 'The vault is unavailable.');
  const size = needing
    .filter(({ members }) => members.get(project)?.status !== 'accepted')
    .reduce((sum, { sizeGb }) => sum + sizeGb, 0);
  if (vault.usedGb + size > vault.sizeGb) return refuse(state, 'IMG.0182', 'The vault capacity is insufficient.');
  vault.usedGb += size;
  return null;
}

/** The owner's side: every image must be the caller's own. */
function ownersCall(
  state: State,
  call: Call,
  principal: Principal,
  schema: 'addMembers' | 'deleteMembers',
  effect: (image: Image, project: string) => void,
): Answer {
  const fault = schemaFault(schema, call.body);
  if (fault !== null) {
    state.violate(`ims ${call.method} ${call.path}: ${fault}`);
    return refuse(state, 'IMG.0001', 'The request cannot be parsed.');
  }
  const ids = at(call.body, 'images');
  const projects = at(call.body, 'projects');
  const images = (Array.isArray(ids) ? ids : []).map((id) => state.images.get(String(id)));
  for (const image of images) {
    if (image === undefined) return refuse(state, 'IMG.0066', 'The image ID is incorrect.');
    if (image.owner !== principal.project?.id) return refuse(state, 'IMG.0106', 'The image belongs to another tenant.');
  }
  for (const image of images)
    for (const project of Array.isArray(projects) ? projects : [])
      if (image !== undefined) effect(image, String(project));
  return json(200, { job_id: newJobId(state) });
}

/** addMembers is POST /v1/cloudimages/members; the shares are there at once, pending. */
export function addMembers(state: State, call: Call, principal: Principal): Answer {
  return ownersCall(state, call, principal, 'addMembers', (image, project) => {
    if (!image.members.has(project)) state.share(image, project, 'pending');
  });
}

/** removeMembers is DELETE /v1/cloudimages/members, with a body. */
export function removeMembers(state: State, call: Call, principal: Principal): Answer {
  return ownersCall(state, call, principal, 'deleteMembers', (image, project) => {
    image.members.delete(project);
  });
}
