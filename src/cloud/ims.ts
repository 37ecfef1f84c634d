/**
 * Image Management Service: one method per call, typed replies out of unknown JSON. No retries, no decisions.
 */
import { UUID } from '../values.ts';
import { type Channel, getJson } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, textOf } from './decode.ts';
import { type ImageService, PAGE_SIZE, readImages, readMember, readOneImage } from './image-service.ts';
import { readJob } from './job.ts';

/** Longest job ID that is taken for one. They are opaque, and 32 digits long wherever they were seen. */
const LONGEST_JOB_ID = 200;

/** openIms gives the calls of IMS, sent over a channel to it. */
export function openIms(channel: Channel): ImageService {
  return {
    api: 'ims',
    // Our own limit; the service documents none.
    batchSize: 50,

    /** OTC IMS API reference, Updating Image Members. An answer without a job ID counts as lost, because the change may have begun. */
    updateMembers({ images, project, status, vault }, onDoubt) {
      const body = { images, project_id: project, status, ...(vault === null ? {} : { vault_id: vault }) };
      return channel.send({
        method: 'PUT',
        path: '/v1/cloudimages/members',
        body: JSON.stringify(body),
        safety: 'change',
        onDoubt,
        read: (reply) => {
          const { job_id: id } = fieldsOf(jsonIn(reply));
          const jobId = typeof id === 'number' ? String(id) : textOf(id);
          if (jobId === null || jobId.length > LONGEST_JOB_ID) throw new Unusable('holds no job ID');
          return { jobId, requestId: requestIdOf(reply) };
        },
      });
    },

    /** OTC IMS API reference, Querying an Asynchronous Job. */
    getJob(project, jobId, path) {
      // Opaque, so perhaps not even well-formed; what cannot be asked for is not found.
      const id = encodeURIComponent(jobId.toWellFormed());
      return channel.send({
        method: 'GET',
        path: path === 'project' ? `/v1/${encodeURIComponent(project)}/jobs/${id}` : `/v1/cloudimages/job/${id}`,
        safety: 'poll',
        read: (reply, redact) => ({ ...readJob(jsonIn(reply), redact), requestId: requestIdOf(reply) }),
      });
    },

    /**
     * The native call comes from Glance; editions without it have the newer one, whose answer may hold the member itself or wrap it
     * (Huawei Cloud IMS API reference, Querying Image Sharing Members).
     */
    getMember(image, member, call) {
      const project = encodeURIComponent(member);
      const path =
        call === 'native'
          ? `/v2/images/${image}/members/${project}`
          : `/v1/${project}/cloudimages/${image}/members/${project}`;
      return getJson(channel, path, (body) => readMember(body, image, member));
    },

    getImage: (image) => getJson(channel, `/v2/images/${image}`, (body, redact) => readOneImage(body, image, redact)),

    /**
     * The list holds the project's own shared-out images too, and may repeat entries (OTC IMS API reference, Querying Images; seen on
     * OpenStack Glance).
     */
    listShared({ memberStatus, wholeImage, allEnterpriseProjects, id, limit, marker }) {
      const query = [
        `member_status=${memberStatus}`,
        'visibility=shared',
        '__imagetype=shared',
        ...(wholeImage === undefined ? [] : [`__whole_image=${wholeImage}`]),
        ...(allEnterpriseProjects === true ? ['enterprise_project_id=all_granted_eps'] : []),
        id === undefined ? `limit=${limit ?? PAGE_SIZE}` : `id=${id}`,
        ...(marker === undefined ? [] : [`marker=${marker}`]),
      ].join('&');
      return getJson(channel, `/v2/cloudimages?${query}`, (body, redact) => {
        const images = readImages(body, redact);
        // There is no link to the next page: it begins after the last image of this one.
        return { images, next: images.at(-1)?.id ?? null };
      });
    },
  };
}

/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
export function imageIdsIn(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(new RegExp(UUID, 'g')));
}
