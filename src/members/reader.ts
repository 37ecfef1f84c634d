/**
 * Reading images and members of one project at the lowest number of requests: a list filtered by ID for a few images, whole pages
 * for many, and the call for a single member where the lists leave something open.
 */
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord, Ims } from '../cloud/ims.ts';
import type { Config } from '../config.ts';
import { BATCH_SIZE } from '../decide/batches.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus, TargetStatus } from '../model.ts';
import { pool } from '../pool.ts';
import { describe, evidenceOf, isContested, isDoubtful, readingOf, type StatusReading, UNSHARED } from './evidence.ts';
import type { Listed, Whole } from './pager.ts';
import { FEW, Sources } from './sources.ts';

const ALL: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];
/** So many images that the lists do not show are asked for one by one; beyond that the lists' word is taken. */
const CONFIRM = 10;
const SIDE_BY_SIDE = 6;
/** Degrees of certainty for which the filtered list is asked whatever the images show. */
const ASKS_FILTER: ReadonlySet<LookOptions['kind']> = new Set(['always', 'suspected']);

export interface LookOptions {
  /** The statuses that the images most likely have; their lists are asked first. */
  readonly likely: readonly MemberStatus[];
  /**
   * How sure to be whether an image is full-ECS: not at all, only where there are signs of it, or always. `suspected` is the same
   * where the service has just asked for a vault, so that what the filter says needs no second question.
   */
  readonly kind: 'as-shown' | 'confirm-signs' | 'always' | 'suspected';
}

/**
 * lookOptions says which statuses are likely, and how sure to be about full-ECS images, by what is asked for. To be sure of those
 * that do not show it takes a request more. It is saved for one image, and for a batch from one project, where a change that is sent
 * in vain is refused as a whole; where several changes go out, or none does, everything has to be known before.
 * @param count how many images there are
 */
export function lookOptions(config: Config, count: number): LookOptions {
  const { status, mode, vaults, projects, selection } = config;
  // A check is about the status alone, so of a few images it asks the members themselves and not the lists.
  if (mode === 'check') return { likely: count <= FEW ? [] : [status], kind: 'as-shown' };
  if (status === 'rejected') return { likely: ['pending', 'accepted', 'rejected'], kind: 'as-shown' };
  const alone = mode === 'apply' && selection.by === 'ids' && projects.length <= 1 && vaults.form === 'none';
  const saves = alone && (count === 1 || (count > FEW && count <= BATCH_SIZE));
  return { likely: ['pending', 'accepted'], kind: saves ? 'confirm-signs' : 'always' };
}

export class Reader {
  readonly #sources: Sources;
  readonly #project: Promise<Project>;

  /** @param project settles when the credentials' scope is certain; nothing is believed before */
  constructor(ims: Ims, project: Promise<Project>) {
    this.#sources = new Sources(ims);
    this.#project = project;
  }

  /** look learns all there is to know of the images. Throws where the service fails, not where it refuses to tell. */
  async look(ids: readonly string[], options: LookOptions): Promise<ReadonlyMap<string, Evidence>> {
    const found = new Map<string, Listed>();
    const whole = new Map<string, Listed>();
    const likely = ids.length <= FEW ? options.likely.slice(0, 1) : options.likely;
    // These reads need no project ID, so they run at the same time as the check of the credentials' scope.
    await this.#afterScope([
      this.#sources.find(ids, likely, found),
      ASKS_FILTER.has(options.kind)
        ? this.#sources.find(ids, likely.slice(0, 1), whole, { wholeImage: true })
        : Promise.resolve(),
    ]);
    await this.#settleContested(found);
    const { id: project } = await this.#project;
    const rest = await this.#lookElsewhere(ids, { likely, kind: options.kind }, found, project);
    const findings = new Map<string, Evidence>();
    for (const id of ids) findings.set(id, rest.get(id) ?? evidenceOf(found.get(id), project));
    await this.#confirmKinds(findings, found, whole, options);
    return findings;
  }

  /** all lists every image that is shared with the project. Null where the identity may not list. */
  async all(): Promise<readonly Listed[] | null> {
    const found = new Map<string, Listed>();
    await this.#afterScope([this.#sources.list(ALL, found, () => false)]);
    await this.#settleContested(found);
    return this.#sources.listsOpen ? [...found.values()].filter(({ contested }) => !contested) : null;
  }

  /**
   * arrived gives those of the images that may have come to be shared meanwhile, for waiting at little cost: one request per image
   * for a few, the list of pending images for many. Only a look can tell for certain.
   */
  async arrived(ids: readonly string[]): Promise<readonly string[]> {
    const found = new Map<string, Listed>();
    if (ids.length > FEW) {
      await this.#sources.find(ids, ['pending'], found);
      if (this.#sources.listsOpen) return ids.filter((id) => found.has(id));
    }
    const { id: project } = await this.#project;
    const statuses = await pool(ids, SIDE_BY_SIDE, (id) => this.#sources.member(id, project));
    return ids.filter((_, index) => statuses[index] !== null);
  }

  /** statuses reads the members' status back, from the member call for a few images and from the target's list for many. */
  async statuses(ids: readonly string[], target: TargetStatus): Promise<ReadonlyMap<string, StatusReading>> {
    const readings = new Map<string, StatusReading>();
    const found = new Map<string, Listed>();
    const missing = () => ids.filter((id) => !found.has(id));
    if (ids.length > FEW) {
      await this.#sources.find(ids, [target], found);
      if (missing().length > CONFIRM) {
        const others = ALL.filter((status) => status !== target);
        await this.#sources.list(others, found, () => missing().length === 0);
      }
    }
    await this.#settleContested(found);
    const certain = this.#sources.listsOpen && missing().length > CONFIRM;
    const { id: project } = await this.#project;
    await pool(ids, SIDE_BY_SIDE, async (id) => {
      const listed = found.get(id);
      const settled = listed !== undefined || certain;
      readings.set(id, settled ? readingOf(listed, project) : await this.#statusOf(id));
    });
    return readings;
  }

  /** Asks for one member: by its own call, and where that says nothing, by the lists. */
  async #statusOf(id: string): Promise<StatusReading> {
    const { id: project } = await this.#project;
    const status = await this.#sources.member(id, project);
    if (typeof status === 'string') return { known: true, status };
    const found = new Map<string, Listed>();
    await this.#sources.find([id], ALL, found);
    if (this.#sources.listsOpen) return readingOf(found.get(id), project);
    if (status === undefined || isDoubtful(await this.#sources.image(id))) return { known: false };
    return { known: true, status: null };
  }

  /** An image that lists of different statuses show is asked for by its own call. Where that says nothing, it stays contested. */
  async #settleContested(found: Map<string, Listed>): Promise<void> {
    const { id: project } = await this.#project;
    const contested = [...found.values()].filter((listed) => isContested(listed, project));
    await pool(contested, SIDE_BY_SIDE, async ({ record }) => {
      const status = await this.#sources.member(record.id, project);
      if (typeof status === 'string') found.set(record.id, { status, record, contested: false });
      else if (status === null) found.delete(record.id);
    });
  }

  /** The second look, at images that the likely lists do not show. */
  async #lookElsewhere(
    ids: readonly string[],
    { likely: asked, kind }: LookOptions,
    found: Map<string, Listed>,
    project: string,
  ): Promise<Map<string, Evidence>> {
    const missing = ids.filter((id) => !found.has(id));
    const others = ALL.filter((status) => !asked.includes(status));
    const rest = new Map<string, Evidence>();
    const few = missing.length <= FEW;
    if (!few) await this.#sources.find(missing, others, found);
    const open = missing.filter((id) => !found.has(id));
    if (this.#sources.listsOpen && open.length > CONFIRM) {
      for (const id of open) rest.set(id, UNSHARED);
      return rest;
    }
    await pool(open, SIDE_BY_SIDE, async (id) => {
      const [status, image] = await Promise.all([this.#sources.member(id, project), this.#sources.image(id)]);
      const unsure = typeof status !== 'string' || image === null;
      // Only of images in the lists can their kind be confirmed; a pending one may not have arrived there yet.
      if (few && (unsure || (status === 'rejected' && kind !== 'as-shown')))
        await this.#sources.find([id], unsure ? others : [status], found);
      const listed = found.get(id);
      rest.set(id, listed === undefined ? this.#unlisted(status, image, project) : evidenceOf(listed, project));
    });
    return rest;
  }

  /** An image that no list shows, by what the calls for it alone say. */
  #unlisted(status: MemberStatus | null | undefined, image: ImageRecord | null, project: string): Evidence {
    const own = image?.owner === project;
    const answered = typeof status === 'string' || (status === null && !isDoubtful(image));
    const known = own || answered || this.#sources.listsOpen;
    return { ...describe(image), known, status: own ? null : (status ?? null) };
  }

  /**
   * `__whole_image` may be missing although the image is one; the list filtered by it is the surest way to know. An image that the
   * lists do not show at all stays unknown. Where the filter lets all pass, without another sign of what they are, it may have no
   * effect: then the images stay unknown that the list of all others shows as well.
   */
  async #confirmKinds(
    findings: Map<string, Evidence>,
    found: ReadonlyMap<string, Listed>,
    whole: ReadonlyMap<string, Listed>,
    { kind, likely }: LookOptions,
  ): Promise<void> {
    if (kind === 'as-shown') return;
    for (const status of ['pending', 'rejected'] as const) {
      const open = [...findings].filter(([id, evidence]) => {
        const record = found.get(id)?.record;
        const wanted = kind !== 'confirm-signs' || record?.fromBackup === true;
        return evidence.status === status && evidence.kind.fullEcs === null && record !== undefined && wanted;
      });
      if (open.length === 0) continue;
      const ids = open.map(([id]) => id);
      const known = kind !== 'confirm-signs' && status === likely[0];
      const shown = known ? whole : await this.#listed(ids, status, { wholeImage: true });
      const isSelective = kind === 'suspected' || ids.some((id) => !shown.has(id));
      const doubtful = new Set(isSelective ? [] : ids.filter((id) => found.get(id)?.record.fromBackup !== true));
      const others = await this.#listed([...doubtful], status, { wholeImage: false });
      if (!this.#sources.listsOpen) return;
      for (const [id, evidence] of open) {
        const fullEcs = doubtful.has(id) && others.has(id) ? null : shown.has(id);
        findings.set(id, { ...evidence, kind: { ...evidence.kind, fullEcs } });
      }
    }
  }

  async #listed(ids: readonly string[], status: MemberStatus, whole: Whole): Promise<ReadonlyMap<string, Listed>> {
    const found = new Map<string, Listed>();
    if (ids.length > 0) await this.#sources.find(ids, [status], found, whole);
    return found;
  }

  /** The check of the scope goes first: when it fails, what the reads say or fail with is worth nothing. */
  async #afterScope(begun: readonly Promise<void>[]): Promise<void> {
    const reads = Promise.all(begun);
    reads.catch(() => {});
    await this.#project;
    await reads;
  }
}
