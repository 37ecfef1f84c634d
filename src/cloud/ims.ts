/**
 * Image Management Service: one method per call, typed replies out of unknown JSON. No retries, no decisions.
 */
import type { JobReply, MemberStatus } from '../model.ts';
import { type Channel, getJson } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, textOf } from './decode.ts';
import { readImages, readMember, readOneImage } from './image-answers.ts';
import {
  type ChangeAnswer,
  type ImagePage,
  type ImageRecord,
  type ImageService,
  type JobPath,
  type ListFilter,
  type MemberCall,
  type MemberChange,
  PAGE_SIZE,
} from './image-service.ts';
import { readJob } from './job.ts';

/** Our own limit; the service documents none. */
const BATCH_SIZE = 50;

/** Longest job ID that is taken for one. They are opaque, and 32 digits long wherever they were seen. */
const LONGEST_JOB_ID = 200;

export class Ims implements ImageService {
  readonly api = 'ims';
  readonly batchSize = BATCH_SIZE;
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /**
   * updateMembers submits the change and gives the job's ID (OTC IMS API reference, Updating Image Members).
   * An answer without a job ID counts as lost, because the change may have begun.
   */
  updateMembers(
    { images, project, status, vault }: MemberChange,
    onDoubt: (inDoubt: boolean) => void,
  ): Promise<ChangeAnswer> {
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
    return getJson(this.#channel, path, (body) => readMember(body, image, member));
  }

  /** getImage gives what the member may see of an image. */
  getImage(image: string): Promise<ImageRecord> {
    return getJson(this.#channel, `/v2/images/${image}`, (body, redact) => readOneImage(body, image, redact));
  }

  /**
   * listShared gives one page of the shared images in which the project has this member status. The list holds the project's own
   * shared-out images too, and may repeat entries (OTC IMS API reference, Querying Images; seen on OpenStack Glance).
   */
  listShared(filter: ListFilter): Promise<ImagePage> {
    const query = [
      `member_status=${filter.memberStatus}`,
      'visibility=shared',
      '__imagetype=shared',
      ...(filter.wholeImage === undefined ? [] : [`__whole_image=${filter.wholeImage}`]),
      ...(filter.allEnterpriseProjects === true ? ['enterprise_project_id=all_granted_eps'] : []),
      ...(filter.id === undefined ? [`limit=${filter.limit ?? PAGE_SIZE}`] : [`id=${filter.id}`]),
      ...(filter.marker === undefined ? [] : [`marker=${filter.marker}`]),
    ].join('&');
    return getJson(this.#channel, `/v2/cloudimages?${query}`, (body, redact) => {
      const images = readImages(body, redact);
      // There is no link to the next page: it begins after the last image of this one.
      return { images, next: images.at(-1)?.id ?? null };
    });
  }
}

/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
export function imageIdsIn(text: string): ReadonlySet<string> {
  const ids = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
  return new Set(ids ?? []);
}
