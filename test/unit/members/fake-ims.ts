/**
 * An image service as a shelf of images: it answers the reads truthfully, page by page, and may be told to refuse some of them.
 */
import { type ImageRecord, Ims, type ListFilter } from '../../../src/cloud/ims.ts';
import type { ImageKind, MemberStatus } from '../../../src/model.ts';
import { refused } from '../cloud/kit.ts';

export const PROJECT = { id: 'a'.repeat(32), name: 'eu-de_team', domainId: null };
export const OWNER = 'b'.repeat(32);

/** What the shelf holds of one image. */
export interface Kept {
  /** Null: not shared with the project. */
  readonly status: MemberStatus | null;
  readonly owner?: string;
  readonly name?: string;
  /** What the image is, whether it shows or not. */
  readonly fullEcs?: boolean;
  readonly kind?: ImageKind;
  readonly fromBackup?: boolean;
  readonly visibility?: string;
  readonly imageStatus?: string;
}

type Call = 'listShared' | 'getMember' | 'getImage';

export class FakeIms extends Ims {
  /** Calls in the order of arrival, such as `getMember i1`. */
  readonly calls: string[] = [];
  /** The HTTP status that a call is refused with. */
  readonly refusals: Partial<Record<Call, number>>;
  /** Filters of the lists without an effect. */
  readonly ignores: { memberStatus: boolean; wholeImage: boolean | 'where false' } = {
    memberStatus: false,
    wholeImage: false,
  };
  readonly #shelf: ReadonlyMap<string, Kept>;
  readonly #page: number;

  /** @param page how many images one page of a list holds */
  constructor(shelf: Readonly<Record<string, Kept>>, refusals: Partial<Record<Call, number>> = {}, page = 2) {
    super({ send: () => Promise.reject(new Error('this service has no wire')) });
    this.#shelf = new Map(Object.entries(shelf));
    this.refusals = refusals;
    this.#page = page;
  }

  override async listShared(filter: ListFilter): Promise<readonly ImageRecord[]> {
    const { memberStatus, id, wholeImage, marker } = filter;
    const parts = [
      memberStatus,
      id,
      wholeImage === undefined ? undefined : wholeImage ? 'whole' : 'not whole',
      marker === undefined ? undefined : `after ${marker}`,
    ];
    this.#note('listShared', parts.filter((part) => part !== undefined).join(' '));
    const listed = [...this.#shelf]
      // The project's own images are in every list of shared images.
      .filter(
        ([, kept]) =>
          kept.status === memberStatus ||
          (this.ignores.memberStatus && kept.status !== null) ||
          (kept.owner === PROJECT.id && kept.visibility === 'shared'),
      )
      .filter(
        ([, kept]) => wholeImage === undefined || this.#isIgnored(wholeImage) || (kept.fullEcs === true) === wholeImage,
      )
      .map(([image, kept]) => recordOf(image, kept));
    if (id !== undefined) return listed.filter((record) => record.id === id);
    const start = marker === undefined ? 0 : listed.findIndex((record) => record.id === marker) + 1;
    return listed.slice(start, start + this.#page);
  }

  override async getMember(image: string, member: string): Promise<MemberStatus | null> {
    this.#note('getMember', image);
    if (member !== PROJECT.id) throw new Error(`asked for the member ${member}`);
    return this.#shelf.get(image)?.status ?? null;
  }

  override async getImage(image: string): Promise<ImageRecord | null> {
    this.#note('getImage', image);
    const kept = this.#shelf.get(image);
    const visible =
      kept !== undefined && (kept.status !== null || kept.owner === PROJECT.id || kept.visibility === 'public');
    return visible ? recordOf(image, kept) : null;
  }

  #isIgnored(wholeImage: boolean): boolean {
    return this.ignores.wholeImage === true || (this.ignores.wholeImage === 'where false' && !wholeImage);
  }

  #note(call: Call, what: string): void {
    this.calls.push(`${call} ${what}`);
    const status = this.refusals[call];
    if (status !== undefined) throw refused(status);
  }
}

function recordOf(id: string, kept: Kept): ImageRecord {
  return {
    id,
    name: kept.name ?? `name of ${id}`,
    owner: kept.owner ?? OWNER,
    kind: kept.kind ?? { fullEcs: null, encrypted: null },
    fromBackup: kept.fromBackup === true,
    visibility: kept.visibility ?? 'shared',
    status: kept.imageStatus ?? 'active',
  };
}

/** `i0`, `i1`, … */
export function ids(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `i${index + from}`);
}

/** So many images of one status. */
export function shelf(statuses: readonly (MemberStatus | null)[]): Record<string, Kept> {
  return Object.fromEntries(statuses.map((status, index) => [`i${index}`, { status }]));
}
