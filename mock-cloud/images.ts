/**
 * Image and member objects as IMS shows them, and who sees which image.
 */
import { seconds } from './clock.ts';
import type { State } from './state.ts';
import type { Image, Member, Principal } from './types.ts';

/** isFullEcs: the three ways of being one differ only in how it shows. */
export function isFullEcs(image: Image): boolean {
  return image.fullEcs !== false;
}

/** visibilityOf follows from the shares unless it was set. */
export function visibilityOf(image: Image): string {
  return image.visibility ?? (image.members.size > 0 ? 'shared' : 'private');
}

/** imageTypeOf is `__imagetype`: what others share, and what one shares out, is `shared` alike. */
export function imageTypeOf(image: Image): string {
  if (image.imagetype !== null) return image.imagetype;
  const visibility = visibilityOf(image);
  return visibility === 'public' ? 'gold' : visibility;
}

/** isForAll: public and community images can be used by every project, so they have no members. */
export function isForAll(image: Image): boolean {
  return ['public', 'community'].includes(visibilityOf(image));
}

/**
 * canSee: images for all, one's own, and those one is a member of, whatever the status. Without a project in the token
 * Glance checks no project at all, so every shared image is seen.
 */
export function canSee(image: Image, { project }: Principal): boolean {
  if (isForAll(image)) return true;
  if (project === null) return visibilityOf(image) === 'shared';
  return image.owner === project.id || image.members.has(project.id);
}

/** imageBody renders an image as the documented examples do. */
export function imageBody(state: State, image: Image, principal: Principal): Record<string, unknown> {
  const yes = state.settings.wholeImageAs === 'text' ? 'true' : true;
  const own = image.owner === principal.project?.id;
  if (state.settings.service === 'openstack') return plainBody(image);
  return {
    schema: '/v2/schemas/image',
    min_disk: image.sizeGb,
    created_at: seconds(image.createdAt),
    __image_source_type: 'uds',
    container_format: 'bare',
    file: `/v2/images/${image.id}/file`,
    updated_at: seconds(image.updatedAt),
    protected: image.protected,
    checksum: 'd41d8cd98f00b204e9800998ecf8427e',
    id: image.id,
    __isregistered: 'true',
    min_ram: 0,
    __lazyloading: 'true',
    owner: image.owner,
    __os_type: 'Linux',
    __imagetype: imageTypeOf(image),
    visibility: visibilityOf(image),
    virtual_env_type: 'FusionCompute',
    tags: own || state.settings.lists.tagsVisible ? image.tags : [],
    __platform: 'Ubuntu',
    size: 0,
    __os_bit: '64',
    __os_version: 'Ubuntu 24.04 server 64bit',
    name: image.name,
    self: `/v2/images/${image.id}`,
    disk_format: 'zvhd2',
    virtual_size: null,
    status: image.status,
    ...(image.fullEcs === true ? { __whole_image: yes } : {}),
    ...(image.backupId === null ? {} : { __backup_id: image.backupId }),
    ...(image.encrypted ? { __system__cmkid: 'b5a1c2f0-77aa-4e8e-9d9b-8a3b9a4a1111' } : {}),
    ...image.extra,
  };
}

/** plainBody renders an image as Glance 33.0 does. */
function plainBody(image: Image): Record<string, unknown> {
  return {
    name: image.name,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: visibilityOf(image),
    size: 3,
    virtual_size: 3,
    status: image.status,
    checksum: '5289df737df57326fcdd22597afb1fac',
    protected: image.protected,
    min_ram: 0,
    min_disk: 0,
    owner: image.owner,
    os_hidden: false,
    id: image.id,
    created_at: seconds(image.createdAt),
    updated_at: seconds(image.updatedAt),
    tags: image.tags,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
    ...image.extra,
  };
}

/** memberBody renders a membership as the member call shows it at this moment. */
export function memberBody(state: State, image: Image, member: Member): Record<string, unknown> {
  return {
    status: state.seen(member, 'memberAt'),
    created_at: seconds(member.createdAt),
    updated_at: seconds(member.updatedAt),
    image_id: image.id,
    member_id: member.project,
    schema: '/v2/schemas/member',
  };
}
