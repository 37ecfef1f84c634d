/**
 * Glance, the image service of plain OpenStack: one method per call (OpenStack Image API v2). No retries, no decisions. Where its answers
 * are not documented, they are as seen on Glance 33.0.
 */
import type { JobReply, MemberStatus } from '../model.ts';
import { urlOf } from '../values.ts';
import { type Channel, getJson } from './channel.ts';
import { jsonIn, requestIdOf, Unusable } from './client.ts';
import { fieldsOf, textOf } from './decode.ts';
import { readImages, readMember, readOneImage } from './image-answers.ts';
import {
  type ChangeAnswer,
  type ImagePage,
  type ImageRecord,
  type ImageService,
  type ListFilter,
  type MemberChange,
  PAGE_SIZE,
} from './image-service.ts';

export class Glance implements ImageService {
  readonly api = 'openstack';
  readonly batchSize = 1;
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** updateMembers sets one member's status. The answer is the member as it is now; any other answer counts as lost. */
  updateMembers({ images, project, status }: MemberChange, onDoubt: (inDoubt: boolean) => void): Promise<ChangeAnswer> {
    const [image = ''] = images;
    return this.#channel.send({
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
  }

  getJob(): Promise<JobReply> {
    throw new Error('Glance has no jobs');
  }

  getMember(image: string, member: string): Promise<MemberStatus> {
    return getJson(this.#channel, memberPath(image, member), (body) => readMember(body, image, member));
  }

  getImage(image: string): Promise<ImageRecord> {
    return getJson(this.#channel, `/v2/images/${image}`, (body, redact) =>
      withoutKind(readOneImage(body, image, redact)),
    );
  }

  /** listShared gives one page. A page has a link to the next one unless it is the last. */
  listShared({ memberStatus, id, marker, limit }: ListFilter): Promise<ImagePage> {
    const query = [
      'visibility=shared',
      `member_status=${memberStatus}`,
      `limit=${limit ?? PAGE_SIZE}`,
      ...(id === undefined ? [] : [`id=${id}`]),
      ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
    ].join('&');
    return getJson(this.#channel, `/v2/images?${query}`, (body, redact) => ({
      images: readImages(body, redact).map(withoutKind),
      next: markerIn(textOf(fieldsOf(body)['next'])),
    }));
  }
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
