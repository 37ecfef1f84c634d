/**
 * Reading images and members of one project at the lowest number of requests: a list filtered by ID for a few images, whole pages
 * for many, and the call for a single member where the lists leave something open.
 */
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord, Ims } from '../cloud/ims.ts';
import type { Config } from '../config.ts';
import type { Sight } from '../decide/facts.ts';
import type { MemberStatus, TargetStatus } from '../model.ts';
import type { Listed } from './lists.ts';
import { pool } from './pool.ts';
import { FEW, Ways } from './ways.ts';

const ALL: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];
/** So many images that the lists do not show are asked for one by one; beyond that the lists' word is taken. */
const CONFIRM = 10;
const SIDE_BY_SIDE = 6;

export interface LookOptions {
  /** The statuses that the images most likely have; asked first. */
  readonly likely: readonly MemberStatus[];
  /** How sure to be whether an image is full-ECS: not at all, only where there are signs of it, or always. */
  readonly kind: 'as-shown' | 'confirm-signs' | 'always';
}

/** lookOptions says which statuses are likely, and how sure to be about full-ECS images, by what is asked for. */
export function lookOptions({ status, mode, vaults }: Config): LookOptions {
  if (mode === 'check') return { likely: [status], kind: 'as-shown' };
  const likely: readonly MemberStatus[] =
    status === 'accepted' ? ['pending', 'accepted'] : ['pending', 'accepted', 'rejected'];
  return { likely, kind: status === 'rejected' ? 'as-shown' : vaults.kind === 'none' ? 'confirm-signs' : 'always' };
}

/** What reading a member's status gave: the status, null for "not shared", or that the identity may not know. */
export type StatusReading = { readonly known: true; readonly status: MemberStatus | null } | { readonly known: false };

export class Reader {
  readonly #ways: Ways;
  readonly #project: Promise<Project>;

  /** @param project settles when the credentials' scope is certain; nothing is believed before */
  constructor(ims: Ims, project: Promise<Project>) {
    this.#ways = new Ways(ims);
    this.#project = project;
  }

  /** look learns all there is to know of the images. Throws where the service fails, not where it refuses to tell. */
  async look(ids: readonly string[], options: LookOptions): Promise<ReadonlyMap<string, Sight>> {
    const found = new Map<string, Listed>();
    const whole = new Map<string, Listed>();
    const likely = ids.length <= FEW ? options.likely.slice(0, 1) : options.likely;
    // These reads need no project ID, so they run at the same time as the check of the credentials' scope.
    await this.#afterScope([
      this.#ways.find(ids, likely, found),
      options.kind === 'always' ? this.#ways.find(ids, likely.slice(0, 1), whole, true) : Promise.resolve(),
    ]);
    const { id: project } = await this.#project;
    const rest = await this.#lookElsewhere(ids, { likely, kind: options.kind }, found, project);
    const sights = new Map<string, Sight>();
    for (const id of ids) sights.set(id, rest.get(id) ?? sightOf(found.get(id), project));
    await this.#confirmKinds(sights, found, whole, options);
    return sights;
  }

  /** all lists every image that is shared with the project. Null where the identity may not list. */
  async all(): Promise<readonly Listed[] | null> {
    const found = new Map<string, Listed>();
    await this.#afterScope([this.#ways.list(ALL, found, () => false)]);
    return this.#ways.listsOpen ? [...found.values()] : null;
  }

  /**
   * arrived gives those of the images that may have come to be shared meanwhile, for waiting at little cost: one request per image
   * for a few, the list of pending images for many. Only a look can tell for certain.
   */
  async arrived(ids: readonly string[]): Promise<readonly string[]> {
    const found = new Map<string, Listed>();
    if (ids.length > FEW) {
      await this.#ways.find(ids, ['pending'], found);
      if (this.#ways.listsOpen) return ids.filter((id) => found.has(id));
    }
    const { id: project } = await this.#project;
    const statuses = await pool(ids, SIDE_BY_SIDE, (id) => this.#ways.member(id, project));
    return ids.filter((_, index) => statuses[index] !== null);
  }

  /** statuses reads the members' status back, from the member call for a few images and from the target's list for many. */
  async statuses(ids: readonly string[], target: TargetStatus): Promise<ReadonlyMap<string, StatusReading>> {
    const readings = new Map<string, StatusReading>();
    const found = new Map<string, Listed>();
    const missing = () => ids.filter((id) => !found.has(id));
    if (ids.length > FEW) {
      await this.#ways.find(ids, [target], found);
      if (missing().length > CONFIRM) {
        const others = ALL.filter((status) => status !== target);
        await this.#ways.list(others, found, () => missing().length === 0);
      }
    }
    const certain = this.#ways.listsOpen && missing().length > CONFIRM;
    const { id: project } = await this.#project;
    await pool(ids, SIDE_BY_SIDE, async (id) => {
      const listed = found.get(id);
      const settled = listed !== undefined || certain;
      readings.set(id, settled ? { known: true, status: memberStatus(listed, project) } : await this.#statusOf(id));
    });
    return readings;
  }

  /** Asks for one member: by its own call, and where that says nothing, by the lists. */
  async #statusOf(id: string): Promise<StatusReading> {
    const { id: project } = await this.#project;
    const status = await this.#ways.member(id, project);
    if (typeof status === 'string') return { known: true, status };
    const found = new Map<string, Listed>();
    await this.#ways.find([id], ALL, found);
    if (this.#ways.listsOpen) return { known: true, status: memberStatus(found.get(id), project) };
    if (status === undefined || isDoubtful(await this.#ways.image(id))) return { known: false };
    return { known: true, status: null };
  }

  /** The second look, at images that the likely lists do not show. */
  async #lookElsewhere(
    ids: readonly string[],
    { likely: asked, kind }: LookOptions,
    found: Map<string, Listed>,
    project: string,
  ): Promise<Map<string, Sight>> {
    const missing = ids.filter((id) => !found.has(id));
    const others = ALL.filter((status) => !asked.includes(status));
    const rest = new Map<string, Sight>();
    const few = missing.length <= FEW;
    if (!few) await this.#ways.find(missing, others, found);
    const open = missing.filter((id) => !found.has(id));
    if (this.#ways.listsOpen && open.length > CONFIRM) {
      for (const id of open) rest.set(id, UNSHARED);
      return rest;
    }
    await pool(open, SIDE_BY_SIDE, async (id) => {
      const [status, image] = await Promise.all([this.#ways.member(id, project), this.#ways.image(id)]);
      const unsure = typeof status !== 'string' || image === null;
      // Only of images in the lists can their kind be confirmed; a pending one may not have arrived there yet.
      if (few && (unsure || (status === 'rejected' && kind !== 'as-shown')))
        await this.#ways.find([id], unsure ? others : [status], found);
      const listed = found.get(id);
      rest.set(id, listed === undefined ? this.#unlisted(status, image, project) : sightOf(listed, project));
    });
    return rest;
  }

  /** An image that no list shows, by what the calls for it alone say. */
  #unlisted(status: MemberStatus | null | undefined, image: ImageRecord | null, project: string): Sight {
    const own = image?.owner === project;
    const answered = typeof status === 'string' || (status === null && !isDoubtful(image));
    const known = own || answered || this.#ways.listsOpen;
    return { ...describe(image), known, status: own ? null : (status ?? null) };
  }

  /**
   * `__whole_image` may be missing although the image is one; the list filtered by it is the surest way to know. An image that the
   * lists do not show at all stays unknown.
   */
  async #confirmKinds(
    sights: Map<string, Sight>,
    found: ReadonlyMap<string, Listed>,
    whole: ReadonlyMap<string, Listed>,
    { kind, likely }: LookOptions,
  ): Promise<void> {
    if (kind === 'as-shown') return;
    for (const status of ['pending', 'rejected'] as const) {
      const open = [...sights].filter(([id, sight]) => {
        const record = found.get(id)?.record;
        const wanted = kind === 'always' || record?.fromBackup === true;
        return sight.status === status && sight.kind.fullEcs === null && record !== undefined && wanted;
      });
      if (open.length === 0) continue;
      let sure = whole;
      if (kind !== 'always' || status !== likely[0]) {
        const more = new Map<string, Listed>();
        await this.#ways.find(
          open.map(([id]) => id),
          [status],
          more,
          true,
        );
        sure = more;
      }
      if (!this.#ways.listsOpen) return;
      for (const [id, sight] of open) sights.set(id, { ...sight, kind: { ...sight.kind, fullEcs: sure.has(id) } });
    }
  }

  /** The check of the scope goes first: when it fails, what the reads say or fail with is worth nothing. */
  async #afterScope(begun: readonly Promise<void>[]): Promise<void> {
    const reads = Promise.allSettled(begun);
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

/** Where only the calls for single ones are left, an image that can be seen speaks against a membership that is not found. */
function isDoubtful(image: ImageRecord | null): boolean {
  return image !== null && image.visibility !== 'public';
}

/** A project's own images appear in every list of shared images, but the project is no member of them. */
function memberStatus(listed: Listed | undefined, project: string): MemberStatus | null {
  return listed === undefined || listed.record.owner === project ? null : listed.status;
}

function sightOf(listed: Listed | undefined, project: string): Sight {
  if (listed === undefined) return UNSHARED;
  return { ...describe(listed.record), known: true, status: memberStatus(listed, project) };
}

function describe(record: ImageRecord | null): Omit<Sight, 'known' | 'status'> {
  if (record === null) return { name: null, owner: null, kind: { fullEcs: null, encrypted: null } };
  return { name: record.name, owner: record.owner, kind: record.kind };
}
