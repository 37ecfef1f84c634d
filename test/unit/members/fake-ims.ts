/**
 * An image service as a shelf of images: it answers the reads truthfully, page by page, and may be told to refuse some of them.
 */
import type { Failure } from '../../../src/cloud/errors.ts';
import type {
  ImagePage,
  ImageRecord,
  ListFilter,
  MemberCall,
  MembershipReads,
} from '../../../src/cloud/image-service.ts';
import type { Api, ImageKind, MemberStatus } from '../../../src/model.ts';
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
  /** No list shows it. */
  readonly hidden?: boolean;
  /** Lists show it as this instead. */
  readonly listedAs?: MemberStatus;
  /** Shared with the project's account: the project's own member is not found. */
  readonly byAccount?: boolean;
}

export type Refusable = 'listShared' | 'native' | 'newer' | 'getImage';

/** An HTTP status, or more of a refusal than that. */
type Refusal = number | (Partial<Failure> & { readonly status: number });

export class FakeIms implements MembershipReads {
  readonly api: Api = 'ims';
  /** Calls in the order of arrival, such as `native i1`. */
  readonly calls: string[] = [];
  /** The page sizes that lists were asked for; undefined: as large as the service gives. */
  readonly limits: (number | undefined)[] = [];
  readonly refusals: Partial<Record<Refusable, Refusal | undefined>>;
  /** Filters of the lists without an effect. */
  readonly ignores: { memberStatus: boolean | MemberStatus; wholeImage: boolean | 'if false'; id: boolean } = {
    memberStatus: false,
    wholeImage: false,
    id: false,
  };
  /** Lists are refused unless they are asked for all enterprise projects. */
  wantsEnterprise = false;
  readonly #shelf: ReadonlyMap<string, Kept>;
  readonly #page: number;

  /** @param page how many images one page of a list holds */
  constructor(shelf: Readonly<Record<string, Kept>>, refusals: FakeIms['refusals'] = {}, page = 2) {
    this.#shelf = new Map(Object.entries(shelf));
    this.refusals = { newer: MISSING, ...refusals };
    this.#page = page;
  }

  async listShared(filter: ListFilter): Promise<ImagePage> {
    this.limits.push(filter.limit);
    const images = this.#listed(filter);
    return { images, next: images.at(-1)?.id ?? null };
  }

  #listed(filter: ListFilter): readonly ImageRecord[] {
    const { memberStatus, id, wholeImage, marker, allEnterpriseProjects } = filter;
    const parts = [
      memberStatus,
      id,
      wholeImage === undefined ? undefined : wholeImage ? 'whole' : 'not whole',
      marker === undefined ? undefined : `after ${marker}`,
      allEnterpriseProjects === true ? 'everywhere' : undefined,
    ];
    this.#note('listShared', parts.filter((part) => part !== undefined).join(' '));
    if (this.wantsEnterprise && allEnterpriseProjects !== true) throw refused(403);
    const listed = [...this.#shelf]
      .filter(([, kept]) => this.#isListed(kept, memberStatus))
      .filter(
        ([, kept]) => wholeImage === undefined || this.#isIgnored(wholeImage) || (kept.fullEcs === true) === wholeImage,
      )
      .map(([image, kept]) => recordOf(image, kept));
    if (id !== undefined && !this.ignores.id) return listed.filter((record) => record.id === id);
    const start = marker === undefined ? 0 : listed.findIndex((record) => record.id === marker) + 1;
    return listed.slice(start, start + this.#page);
  }

  async getMember(image: string, member: string, call: MemberCall): Promise<MemberStatus> {
    this.#note(call, image);
    if (member !== PROJECT.id) throw new Error(`asked for the member ${member}`);
    const kept = this.#shelf.get(image);
    if (kept === undefined || kept.status === null || kept.byAccount === true) throw refused(404, ABSENT);
    return kept.status;
  }

  async getImage(image: string): Promise<ImageRecord> {
    this.#note('getImage', image);
    const kept = this.#shelf.get(image);
    const isVisible =
      kept !== undefined && (kept.status !== null || kept.owner === PROJECT.id || kept.visibility === 'public');
    if (!isVisible) throw refused(404, ABSENT);
    return recordOf(image, kept);
  }

  #isListed(kept: Kept, memberStatus: MemberStatus): boolean {
    // The project's own images are in every list of shared images.
    if (kept.owner === PROJECT.id) return kept.visibility === 'shared';
    if (kept.status === null || kept.hidden === true) return false;
    const ignored = this.ignores.memberStatus === true || this.ignores.memberStatus === memberStatus;
    return ignored || (kept.listedAs ?? kept.status) === memberStatus;
  }

  #isIgnored(wholeImage: boolean): boolean {
    return this.ignores.wholeImage === true || (this.ignores.wholeImage === 'if false' && !wholeImage);
  }

  #note(call: Refusable, what: string): void {
    this.calls.push(`${call} ${what}`);
    const refusal = this.refusals[call];
    if (refusal === undefined) return;
    throw typeof refusal === 'number' ? refused(refusal) : refused(refusal.status, refusal);
  }
}

/** How the image service itself says that something does not exist. */
export const ABSENT: Partial<Failure> = { origin: 'image-service' };
/** How a gateway says that it does not offer a call. */
export const MISSING = { status: 404, code: 'APIG.0101', origin: 'other' } as const;
/** A 404 without a body. */
export const BARE = { status: 404, origin: 'nobody' } as const;

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
export function shelf(statuses: readonly (MemberStatus | null)[], fields: Partial<Kept> = {}): Record<string, Kept> {
  return Object.fromEntries(statuses.map((status, index) => [`i${index}`, { status, ...fields }]));
}
