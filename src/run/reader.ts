/**
 * Reading images and members of one project at the lowest number of requests: a list filtered by ID for a few images, whole pages
 * for many, and the call for a single member where the lists leave something open. Each way may be closed to the identity.
 */
import { failureOf } from '../cloud/errors.ts';
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord, Ims } from '../cloud/ims.ts';
import type { Sight } from '../decide/facts.ts';
import type { MemberStatus, TargetStatus } from '../model.ts';
import { type Listed, Pages, readLists } from './lists.ts';
import { pool } from './pool.ts';

const ALL: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];
/** Up to here one filtered request per image is cheaper than pages that hold all the project's images. */
const FEW = 3;
/** So many images that the lists do not show are asked for one by one; beyond that the lists' word is taken. */
const CONFIRM = 10;
const SIDE_BY_SIDE = 6;

export interface LookOptions {
  /** The statuses that the images most likely have; asked first. */
  readonly likely: readonly MemberStatus[];
  /** How sure to be whether an image is full-ECS: not at all, only where there are signs of it, or always. */
  readonly kind: 'as-shown' | 'confirm-signs' | 'always';
}

/** What reading a member's status gave: the status, null for "not shared", or that the identity may not know. */
export type StatusReading = { readonly known: true; readonly status: MemberStatus | null } | { readonly known: false };

export class Reader {
  readonly #ims: Ims;
  readonly #project: Promise<Project>;
  #listsOpen = true;
  #membersOpen = true;
  #imagesOpen = true;

  /** @param project settles when the credentials' scope is certain; nothing is believed before */
  constructor(ims: Ims, project: Promise<Project>) {
    this.#ims = ims;
    this.#project = project;
  }

  /** look learns all there is to know of the images. Throws where the service fails, not where it refuses to tell. */
  async look(ids: readonly string[], options: LookOptions): Promise<ReadonlyMap<string, Sight>> {
    const found = new Map<string, Listed>();
    const whole = new Map<string, Listed>();
    const likely = ids.length <= FEW ? options.likely.slice(0, 1) : options.likely;
    // These reads need no project ID, so they run at the same time as the check of the credentials' scope.
    await this.#both(
      this.#find(ids, likely, found),
      options.kind === 'always' ? this.#find(ids, likely.slice(0, 1), whole, true) : Promise.resolve(),
    );
    const rest = await this.#lookElsewhere(ids, likely, found);
    const sights = new Map<string, Sight>();
    await pool(ids, SIDE_BY_SIDE, async (id) => {
      const sight = rest.get(id) ?? (await this.#sightOf(found.get(id)));
      const fullEcs = await this.#fullEcs(id, sight, found.get(id), whole, options);
      sights.set(id, { ...sight, kind: { ...sight.kind, fullEcs } });
    });
    return sights;
  }

  /** all lists every image that is shared with the project. Null where the identity may not list. */
  async all(): Promise<readonly Listed[] | null> {
    const found = new Map<string, Listed>();
    await this.#both(
      this.#list(ALL, found, () => false),
      Promise.resolve(),
    );
    return this.#listsOpen ? [...found.values()] : null;
  }

  /** statuses reads the members' status back, from the member call for a few images and from the target's list for many. */
  async statuses(ids: readonly string[], target: TargetStatus): Promise<ReadonlyMap<string, StatusReading>> {
    const readings = new Map<string, StatusReading>();
    const found = new Map<string, Listed>();
    if (ids.length > FEW) {
      await this.#list([target], found, () => ids.every((id) => found.has(id)));
      const left = ids.filter((id) => !found.has(id));
      if (left.length > CONFIRM)
        await this.#list(
          ALL.filter((status) => status !== target),
          found,
          () => left.every((id) => found.has(id)),
        );
    }
    await pool(ids, SIDE_BY_SIDE, async (id) => {
      const listed = found.get(id);
      const settled = listed !== undefined || (this.#listsOpen && ids.length - found.size > CONFIRM);
      readings.set(id, settled ? { known: true, status: listed?.status ?? null } : await this.#statusOf(id));
    });
    return readings;
  }

  /** Asks for one member: by its own call, and where that says nothing, by the lists. */
  async #statusOf(id: string): Promise<StatusReading> {
    const { id: project } = await this.#project;
    const status = await this.#member(id, project);
    if (typeof status === 'string') return { known: true, status };
    const found = new Map<string, Listed>();
    await this.#find([id], ALL, found);
    return this.#listsOpen || status === null
      ? { known: true, status: found.get(id)?.status ?? null }
      : { known: false };
  }

  /** The second look, at images that the likely lists do not show. */
  async #lookElsewhere(
    ids: readonly string[],
    asked: readonly MemberStatus[],
    found: Map<string, Listed>,
  ): Promise<Map<string, Sight>> {
    const { id: project } = await this.#project;
    const missing = ids.filter((id) => !found.has(id));
    const others = ALL.filter((status) => !asked.includes(status));
    const rest = new Map<string, Sight>();
    const few = missing.length <= FEW;
    if (!few) await this.#find(missing, others, found);
    const open = missing.filter((id) => !found.has(id));
    if (this.#listsOpen && open.length > CONFIRM) {
      for (const id of open) rest.set(id, UNSHARED);
      return rest;
    }
    await pool(open, SIDE_BY_SIDE, async (id) => {
      const [, status, image] = await Promise.all([
        few ? this.#find([id], others, found) : null,
        this.#member(id, project),
        this.#image(id),
      ]);
      const listed = found.get(id);
      const known = listed !== undefined || this.#listsOpen || status !== undefined;
      rest.set(id, { ...describe(listed?.record ?? image), known, status: statusFrom(listed, status, project) });
    });
    return rest;
  }

  /** One filtered request per image and status for a few images, whole pages for many. */
  async #find(
    ids: readonly string[],
    statuses: readonly MemberStatus[],
    found: Map<string, Listed>,
    whole = false,
  ): Promise<void> {
    if (ids.length > FEW) return this.#list(statuses, found, () => ids.every((id) => found.has(id)), whole);
    const asked = ids.flatMap((id) => statuses.map((status) => ({ id, status })));
    await Promise.all(
      asked.map(({ id, status }) =>
        this.#viaLists(async () => {
          const images = await this.#ims.listShared({
            memberStatus: status,
            id,
            ...(whole ? { wholeImage: true } : {}),
          });
          // Should a service ignore the filter, only the image that was asked for counts.
          const record = images.find((image) => image.id === id);
          if (record !== undefined) found.set(id, { status, record });
        }),
      ),
    );
  }

  #list(
    statuses: readonly MemberStatus[],
    found: Map<string, Listed>,
    enough: () => boolean,
    whole = false,
  ): Promise<void> {
    return this.#viaLists(() =>
      readLists(
        statuses.map((status) => new Pages(this.#ims, status, whole)),
        found,
        enough,
      ),
    );
  }

  /** Runs a read of the lists unless they are known to be closed; a 403 or 404 closes them. */
  async #viaLists(read: () => Promise<void>): Promise<void> {
    if (!this.#listsOpen) return;
    try {
      await read();
    } catch (error) {
      const status = failureOf(error)?.status;
      if (status !== 403 && status !== 404) throw error;
      this.#listsOpen = false;
    }
  }

  /** Undefined where the identity may not ask. */
  async #member(id: string, project: string): Promise<MemberStatus | null | undefined> {
    if (!this.#membersOpen) return undefined;
    try {
      return await this.#ims.getMember(id, project);
    } catch (error) {
      if (failureOf(error)?.status !== 403) throw error;
      this.#membersOpen = false;
      return undefined;
    }
  }

  async #image(id: string): Promise<ImageRecord | null> {
    if (!this.#imagesOpen) return null;
    try {
      return await this.#ims.getImage(id);
    } catch (error) {
      if (failureOf(error)?.status !== 403) throw error;
      this.#imagesOpen = false;
      return null;
    }
  }

  async #sightOf(listed: Listed | undefined): Promise<Sight> {
    const { id: project } = await this.#project;
    if (listed === undefined) return UNSHARED;
    return { ...describe(listed.record), known: true, status: statusFrom(listed, undefined, project) };
  }

  /** `__whole_image` may be missing although the image is one; the list filtered by it is the surest way to know. */
  async #fullEcs(
    id: string,
    sight: Sight,
    listed: Listed | undefined,
    whole: ReadonlyMap<string, Listed>,
    { kind, likely }: LookOptions,
  ): Promise<boolean | null> {
    if (sight.kind.fullEcs !== null || !this.#listsOpen || sight.status === null || kind === 'as-shown')
      return sight.kind.fullEcs;
    if (whole.has(id)) return true;
    if (kind === 'always' && sight.status === likely[0]) return false;
    if (kind === 'confirm-signs' && listed?.record.fromBackup !== true) return null;
    const sure = new Map<string, Listed>();
    await this.#find([id], [sight.status], sure, true);
    return this.#listsOpen ? sure.has(id) : null;
  }

  /** The check of the scope goes first: when it fails, what the reads say or fail with is worth nothing. */
  async #both(first: Promise<void>, second: Promise<void>): Promise<void> {
    const reads = Promise.allSettled([first, second]);
    await this.#project;
    for (const read of await reads) if (read.status === 'rejected') throw read.reason;
  }
}

const UNSHARED: Sight = {
  known: true,
  status: null,
  name: null,
  owner: null,
  kind: { fullEcs: null, encrypted: null },
};

function describe(record: ImageRecord | null): Omit<Sight, 'known' | 'status'> {
  if (record === null) return { name: null, owner: null, kind: { fullEcs: null, encrypted: null } };
  return { name: record.name, owner: record.owner, kind: record.kind };
}

/** A project's own images appear in every list of shared images, but the project is no member of them. */
function statusFrom(
  listed: Listed | undefined,
  member: MemberStatus | null | undefined,
  project: string,
): MemberStatus | null {
  if (listed === undefined) return member ?? null;
  return listed.record.owner === project ? null : listed.status;
}
