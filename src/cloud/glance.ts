/**
 * Glance, the image service of plain OpenStack: one method per call (OpenStack Image API v2). No retries, no decisions. Where its answers
 * are not documented, they are as seen on Glance 33.0.
 */
import { urlOf } from '../values.ts';
import { type Channel, getJson } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, textOf } from './decode.ts';
import {
  type ImageRecord,
  type ImageService,
  PAGE_SIZE,
  readImages,
  readMember,
  readOneImage,
} from './image-service.ts';

/** openGlance gives the calls of Glance, sent over a channel to it. */
export function openGlance(channel: Channel): ImageService {
  return {
    api: 'openstack',
    batchSize: 1,

    /** The answer is the member as it is now; any other answer counts as lost. */
    updateMembers({ images, project, status }, onDoubt) {
      const [image = ''] = images;
      return channel.send({
        method: 'PUT',
        path: memberPath(image, project),
        body: JSON.stringify({ status }),
        safety: 'change',
        onDoubt,
        read: (reply) => {
          const now = readMember(jsonIn(reply), image, project);
          if (now !== status) throw new Unusable(`holds the member status ${now}`);
          return { jobId: null, requestId: requestIdOf(reply) };
        },
      });
    },

    getJob() {
      throw new Error('Glance has no jobs');
    },

    getMember: (image, member) =>
      getJson(channel, memberPath(image, member), (body) => readMember(body, image, member)),

    getImage: (image) =>
      getJson(channel, `/v2/images/${image}`, (body, redact) => withoutKind(readOneImage(body, image, redact))),

    /** A page has a link to the next one unless it is the last. */
    listShared({ memberStatus, id, marker, limit }) {
      const query = [
        'visibility=shared',
        `member_status=${memberStatus}`,
        `limit=${limit ?? PAGE_SIZE}`,
        ...(id === undefined ? [] : [`id=${id}`]),
        ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
      ].join('&');
      return getJson(channel, `/v2/images?${query}`, (body, redact) => ({
        images: readImages(body, redact).map(withoutKind),
        next: markerIn(textOf(fieldsOf(body)['next'])),
      }));
    },
  };
}

function memberPath(image: string, member: string): string {
  return `/v2/images/${image}/members/${encodeURIComponent(member)}`;
}

/** Only the marker of the link counts: the link leaves out whatever precedes `/v2` in the service's address. */
function markerIn(link: string | null): string | null {
  return urlOf(`http://glance${link ?? ''}`)?.searchParams.get('marker') ?? null;
}

/** The attributes that mark full-ECS and encrypted images elsewhere are ordinary properties here, which any owner may set. */
function withoutKind(record: ImageRecord): ImageRecord {
  return { ...record, kind: { fullEcs: false, encrypted: null }, fromBackup: false };
}
