/**
 * Image Management Service: one method per call, typed replies out of unknown JSON. No retries, no decisions.
 */
import type { ImageKind, JobReply, MemberStatus, TargetStatus } from '../model.ts';
import type { Channel } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, flagOf, nameOf, textOf } from './decode.ts';
import { failureOf } from './errors.ts';
import { readJob } from './job.ts';

/** What a member may know of an image. */
export interface ImageRecord {
  /** Lower case. */
  readonly id: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly kind: ImageKind;
  /** `__backup_id` is set: a full-ECS image, or another one made from a backup. */
  readonly fromBackup: boolean;
  readonly visibility: string | null;
  /** The image's own status in lower case, such as `active` or `queued`. */
  readonly status: string | null;
}

export interface ListFilter {
  readonly memberStatus: MemberStatus;
  readonly id?: string;
  /** Full-ECS images only, or all others only. */
  readonly wholeImage?: boolean;
  readonly marker?: string;
}

/** The two places where a job can be asked for: older editions know the first, newer ones link to the second. */
export type JobPath = 'project' | 'cloudimages';

/** How many images one page may hold (OTC IMS API reference, Querying Images: 1–1000). Services may give fewer without a word. */
const PAGE = 1000;

export class Ims {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /**
   * updateMembers submits the change and gives the job's ID (OTC IMS API reference, Updating Image Members).
   * An answer without a job ID counts as lost, because the change may have begun.
   * @param onDoubt see `Call`
   */
  updateMembers(
    change: {
      readonly images: readonly string[];
      readonly project: string;
      readonly status: TargetStatus;
      readonly vault: string | null;
    },
    onDoubt: (inDoubt: boolean) => void,
  ): Promise<{ jobId: string; requestId: string | null }> {
    const { images, project, status, vault } = change;
    const body = JSON.stringify({
      images,
      project_id: project,
      status,
      ...(vault === null ? {} : { vault_id: vault }),
    });
    return this.#channel.send({
      method: 'PUT',
      path: '/v1/cloudimages/members',
      body,
      safety: 'change',
      onDoubt,
      read: (reply) => {
        const { job_id: id } = fieldsOf(jsonIn(reply));
        const jobId = typeof id === 'number' ? String(id) : textOf(id);
        if (jobId === null) throw new Unusable('holds no job ID');
        return { jobId, requestId: requestIdOf(reply) };
      },
    });
  }

  /** getJob asks one of the two job paths (OTC IMS API reference, Querying an Asynchronous Job). */
  getJob(project: string, jobId: string, path: JobPath): Promise<JobReply> {
    // Opaque, so perhaps not even well-formed; what cannot be asked for is not found.
    const id = encodeURIComponent(jobId.toWellFormed());
    const at = path === 'project' ? `/v1/${encodeURIComponent(project)}/jobs/${id}` : `/v1/cloudimages/job/${id}`;
    return this.#channel.send({
      method: 'GET',
      path: at,
      safety: 'poll',
      read: (reply, redact) => ({ ...readJob(jsonIn(reply), redact), requestId: requestIdOf(reply) }),
    });
  }

  /** getMember gives the member's status in an image, or null where the image is not shared with it (404). */
  getMember(image: string, member: string): Promise<MemberStatus | null> {
    const path = `/v2/images/${image}/members/${encodeURIComponent(member)}`;
    return orNull(
      this.#get(path, (body) => {
        const { status, image_id: about } = fieldsOf(body);
        const known = memberStatusOf(status);
        if (known === null) throw new Unusable('holds no member status');
        // What is said of another image must never prove anything of this one.
        if (typeof about === 'string' && about.toLowerCase() !== image) throw new Unusable('is about another image');
        return known;
      }),
    );
  }

  /** getImage gives what the member may see of an image, or null where it may see nothing (404). */
  getImage(image: string): Promise<ImageRecord | null> {
    return orNull(this.#get(`/v2/images/${image}`, readImage));
  }

  /**
   * listShared gives one page of the shared images in which the project has this member status. The list holds the project's own
   * shared-out images too, and may repeat entries (OTC IMS API reference, Querying Images; seen on OpenStack Glance).
   */
  listShared(filter: ListFilter): Promise<readonly ImageRecord[]> {
    const query = [
      `member_status=${filter.memberStatus}`,
      'visibility=shared',
      '__imagetype=shared',
      ...(filter.wholeImage === undefined ? [] : [`__whole_image=${filter.wholeImage}`]),
      ...(filter.id === undefined ? [`limit=${PAGE}`] : [`id=${filter.id}`]),
      ...(filter.marker === undefined ? [] : [`marker=${filter.marker}`]),
    ].join('&');
    return this.#get(`/v2/cloudimages?${query}`, (body) => {
      const images = fieldsOf(body)['images'];
      if (!Array.isArray(images)) throw new Unusable('holds no list of images');
      return images.map(readImage).filter((image) => image !== null);
    });
  }

  #get<T>(path: string, read: (body: unknown) => T): Promise<T> {
    return this.#channel.send({ method: 'GET', path, safety: 'safe', read: (reply) => read(jsonIn(reply)) });
  }
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (failureOf(error)?.status === 404) return null;
    throw error;
  }
}

function memberStatusOf(value: unknown): MemberStatus | null {
  const word = textOf(value)?.toLowerCase();
  return word === 'pending' || word === 'accepted' || word === 'rejected' ? word : null;
}

function readImage(value: unknown): ImageRecord | null {
  const fields = fieldsOf(value);
  const id = textOf(fields['id'])?.toLowerCase();
  // It goes into paths and reports; what is no image ID is no image of ours.
  if (id === undefined || !UUID.test(id)) return null;
  const key = fields['__system__cmkid'];
  return {
    id,
    name: nameOf(fields['name']),
    owner: nameOf(fields['owner']),
    kind: {
      fullEcs: flagOf(fields['__whole_image']),
      encrypted: key === undefined ? null : textOf(key) !== null,
    },
    fromBackup: textOf(fields['__backup_id']) !== null,
    visibility: textOf(fields['visibility']),
    status: textOf(fields['status'])?.toLowerCase() ?? null,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
export function imageIdsIn(text: string): ReadonlySet<string> {
  const ids = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
  return new Set(ids ?? []);
}
