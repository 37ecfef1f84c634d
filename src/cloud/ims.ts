/**
 * Image Management Service: one method per call, typed replies out of unknown JSON. No retries, no decisions.
 */
import type { JobReply, MemberStatus, TargetStatus } from '../model.ts';
import type { Channel } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, flagOf, nameOf, textOf } from './decode.ts';
import {
  type ImageRecord,
  type ListFilter,
  type MemberCall,
  type MembershipReads,
  PAGE_SIZE,
} from './image-service.ts';
import { readJob } from './job.ts';

/** The two places where a job can be asked for: older editions know the first, newer ones link to the second. */
export type JobPath = 'project' | 'cloudimages';

/** Longest job ID that is taken for one. They are opaque, and 32 digits long wherever they were seen. */
const LONGEST_JOB_ID = 200;
/** Longest owner that is taken for a project's ID. */
const LONGEST_OWNER = 128;
/** Longest word for an image's own status. */
const LONGEST_STATUS = 40;

export class Ims implements MembershipReads {
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
        if (jobId === null || jobId.length > LONGEST_JOB_ID) throw new Unusable('holds no job ID');
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

  /**
   * getMember gives the member's status in an image. The native call comes from Glance; editions without it have the newer one, whose
   * answer may hold the member itself or wrap it (Huawei Cloud IMS API reference, Querying Image Sharing Members).
   */
  getMember(image: string, member: string, call: MemberCall): Promise<MemberStatus> {
    const project = encodeURIComponent(member);
    const path =
      call === 'native'
        ? `/v2/images/${image}/members/${project}`
        : `/v1/${project}/cloudimages/${image}/members/${project}`;
    return this.#get(path, (body) => readMember(body, image, member));
  }

  /** getImage gives what the member may see of an image. */
  getImage(image: string): Promise<ImageRecord> {
    return this.#get(`/v2/images/${image}`, (body, redact) => {
      const record = readImage(body, redact);
      if (record?.id !== image) throw new Unusable('is about another image');
      return record;
    });
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
      ...(filter.allEnterpriseProjects === true ? ['enterprise_project_id=all_granted_eps'] : []),
      ...(filter.id === undefined ? [`limit=${PAGE_SIZE}`] : [`id=${filter.id}`]),
      ...(filter.marker === undefined ? [] : [`marker=${filter.marker}`]),
    ].join('&');
    return this.#get(`/v2/cloudimages?${query}`, (body, redact) => {
      const images = fieldsOf(body)['images'];
      if (!Array.isArray(images)) throw new Unusable('holds no list of images');
      const records = images.map((image) => readImage(image, redact)).filter((image) => image !== null);
      // Taken for an empty page, it would show that the list holds none of the images.
      if (records.length === 0 && images.length > 0) throw new Unusable('holds nothing that is an image');
      return records;
    });
  }

  #get<T>(path: string, read: (body: unknown, redact: Redact) => T): Promise<T> {
    return this.#channel.send({
      method: 'GET',
      path,
      safety: 'safe',
      read: (reply, redact) => read(jsonIn(reply), redact),
    });
  }
}

/** What is said of another image or another member must never prove anything of this one. */
function readMember(body: unknown, image: string, member: string): MemberStatus {
  const top = fieldsOf(body);
  const fields = top['status'] === undefined ? fieldsOf(top['member']) : top;
  const { status, image_id: aboutImage, member_id: aboutMember } = fields;
  const known = memberStatusOf(status);
  if (known === null) throw new Unusable('holds no member status');
  if (isOther(aboutImage, image)) throw new Unusable('is about another image');
  if (isOther(aboutMember, member)) throw new Unusable('is about another member');
  return known;
}

function isOther(value: unknown, wanted: string): boolean {
  return value !== undefined && value !== null && String(value).toLowerCase() !== wanted.toLowerCase();
}

function memberStatusOf(value: unknown): MemberStatus | null {
  const word = textOf(value)?.toLowerCase();
  return word === 'pending' || word === 'accepted' || word === 'rejected' ? word : null;
}

type Redact = (text: string) => string;

function readImage(value: unknown, redact: Redact): ImageRecord | null {
  const fields = fieldsOf(value);
  const id = textOf(fields['id'])?.toLowerCase();
  // It goes into paths and reports; what is no image ID is no image of ours.
  if (id === undefined || !UUID.test(id)) return null;
  const key = fields['__system__cmkid'];
  const owner = textOf(fields['owner']);
  return {
    id,
    name: nameOf(fields['name'], redact),
    owner: owner !== null && owner.length <= LONGEST_OWNER ? owner : null,
    kind: {
      fullEcs: flagOf(fields['__whole_image']),
      encrypted: key === undefined ? null : textOf(key) !== null,
    },
    fromBackup: textOf(fields['__backup_id']) !== null,
    visibility: textOf(fields['visibility']),
    status: textOf(fields['status'])?.trim().toLowerCase().slice(0, LONGEST_STATUS) ?? null,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
export function imageIdsIn(text: string): ReadonlySet<string> {
  const ids = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
  return new Set(ids ?? []);
}
