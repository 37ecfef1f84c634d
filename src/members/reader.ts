/**
 * Reading the images and memberships of one project: asks the sources in the order that takes the fewest requests, until the evidence
 * answers the question.
 */
import { rightsCure } from '../cloud/error-codes/rights.ts';
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord, MembershipReads } from '../cloud/image-service.ts';
import type { Config } from '../config.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus, TargetStatus } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { usabilityOf } from '../values.ts';
import { ALL_STATUSES, readingOf, type StatusReading, standingOf, unlistedIn } from './evidence.ts';
import { Inquiry } from './inquiry.ts';
import { AT_ONCE, type SharedList } from './pager.ts';
import { FEW, type Question, questionOf } from './question.ts';
import { Sources } from './sources.ts';

/** If many images that no list shows are waited for, this many members are asked on behalf of all. */
const SAMPLE = 2;

/** What is read back after a change. */
export interface Readback {
  /** The requested status. */
  readonly target: TargetStatus;
  /** The statuses that the members had; their lists must not hold the images any more. */
  readonly before: readonly MemberStatus[];
  /** Whether the job agrees that an image has the target: it succeeded, and names no failure of the image. */
  readonly agrees: (image: string) => boolean;
  /** Whether the job has failed for an image, or has not ended. A job that cannot be read disputes nothing. */
  readonly disputes: (image: string) => boolean;
}

/** What reading a member back gave, and the failure of a source that could have told more; null if there was none. */
export type MemberReading = StatusReading & { readonly failure: unknown };

export class Reader {
  readonly sources: Sources;
  readonly #project: Promise<Project>;

  /**
   * @param project settles when the credentials' scope is certain; nothing is believed before
   * @param optional see `Sources`
   */
  constructor(reads: MembershipReads, project: Promise<Project>, optional = false) {
    this.sources = new Sources(reads, optional);
    this.#project = project;
  }

  /** look learns all there is to know of the images. Throws if the service fails, or is no image service, but not if it refuses reads. */
  async look(question: Question): Promise<ReadonlyMap<string, Evidence>> {
    const { ids, accepting, lists } = question;
    const inquiry = new Inquiry(this.sources, this.#project);
    const about = ids.length === 1 ? ids : ids.length;
    const asksKinds = accepting && this.sources.api === 'ims';
    inquiry.add(lists, about);
    if (asksKinds) inquiry.add(['pending'], about, true);
    await inquiry.begin(readUntilClear(question, inquiry, inquiry.lists));
    // Nothing is changed before every check is made, and only lists show every full-ECS image.
    if (asksKinds) this.sources.requireLists();
    const others = ALL_STATUSES.filter((status) => !lists.includes(status));
    let open = unsettled(question, inquiry);
    // For many images that the likely lists do not show, the other lists are shorter than a call for each.
    if (this.sources.listsBelieved && unlistedIn(inquiry.plain, open).length > FEW) {
      await readUntilClear(question, inquiry, inquiry.add(others, ids.length));
      open = unsettled(question, inquiry);
    }
    const hidden = unlistedIn(inquiry.plain, open);
    // While many images that no list shows are waited for, a few members are enough.
    if (question.waits && hidden.length > AT_ONCE && this.sources.listsOpen && !(await isAnyShared(hidden, 0, inquiry)))
      open = withoutAny(open, hidden);
    await inquiry.ask(open);
    await inquiry.resolve(open, 'accepted');
    inquiry.noteContradictions();
    if (accepting) {
      await inquiry.askKinds(ids);
      // That an image cannot be used is believed only if the image itself says so.
      await inquiry.askImages(ids.filter((image) => usabilityOf(inquiry.seen(image).imageStatus) !== 'usable'));
    }
    this.sources.requireOffered();
    if (asksKinds) this.sources.requireLists();
    const findings = ids.map((image) => [image, inquiry.evidence(image)] as const);
    // That an image is not shared is no answer unless it is proven.
    this.sources.requireAnswers(
      findings.every(([, { known, proven, status }]) => known && (proven || status !== null)),
    );
    // However much lists agree, they prove nothing about a few images.
    const isProven = (image: string, { proven, owner }: Evidence) =>
      proven && (ids.length > FEW || owner === inquiry.project || inquiry.answers(image).member !== 'not-asked');
    return new Map(findings.map(([image, found]) => [image, { ...found, proven: isProven(image, found) }]));
  }

  /** confirm asks for each image's member, whatever lists have shown of it. */
  async confirm(seen: ReadonlyMap<string, Evidence>): Promise<ReadonlyMap<string, Evidence>> {
    const inquiry = await new Inquiry(this.sources, this.#project).begin();
    const images = [...seen.keys()];
    await inquiry.ask(images);
    await inquiry.resolve(images, 'accepted');
    this.sources.requireAnswers(images.every((image) => inquiry.seen(image).known));
    return new Map(
      [...seen].map(([image, before]) => {
        const now = inquiry.evidence(image);
        const { known, proven, status } = now;
        // No answer may have shown the image now; what it is was known before.
        if (now.owner === null) return [image, { ...before, known, proven, status }];
        return [image, { ...now, kind: { ...now.kind, fullEcs: now.kind.fullEcs ?? before.kind.fullEcs } }];
      }),
    );
  }

  /**
   * all reads the three lists to their ends, and gives all images of others that they hold. Null if the identity may not list.
   * @param matters the images whose status has to be certain
   */
  async all(config: Config, matters: (record: ImageRecord) => boolean): Promise<ReadonlyMap<string, Evidence> | null> {
    const { accepting } = questionOf(config, []);
    const inquiry = new Inquiry(this.sources, this.#project);
    inquiry.add(ALL_STATUSES, Number.POSITIVE_INFINITY);
    if (accepting && this.sources.api === 'ims') inquiry.add(['pending'], Number.POSITIVE_INFINITY, true);
    await inquiry.begin(inquiry.readToEnd(inquiry.lists));
    this.sources.requireOffered();
    this.sources.requireLists();
    if (!this.sources.listsOpen) return null;
    const records = new Map(inquiry.plain.flatMap((list) => [...list.records]));
    const foreign = [...records.values()].filter(({ owner }) => owner !== inquiry.project);
    const wanted = foreign.filter(matters).map(({ id }) => id);
    const open = unsettled(questionOf(config, wanted), inquiry);
    await inquiry.ask(open);
    await inquiry.resolve(open, 'accepted');
    const isKnown = wanted.every((image) => inquiry.seen(image).known);
    this.sources.requireAnswers(isKnown);
    if (!isKnown)
      throw new ProblemError({
        cause: 'The lists of shared images contradict each other, and the members themselves cannot be asked.',
        cure: `${rightsCure(this.sources.api, 'read')} Or name the images with \`images\`. Nothing was changed.`,
      });
    if (accepting) await inquiry.askKinds(wanted);
    this.sources.requireLists();
    return new Map(foreign.map(({ id }) => [id, inquiry.evidence(id)]));
  }

  /**
   * arrived gives those images that may have come to be shared, or usable, meanwhile; for waiting at little cost. The list of pending
   * images and a few members are enough, because only a look can tell for certain.
   * @param onTheirWay images that are shared but were not usable yet
   * @param round counts the calls, so that other members are asked each time
   */
  async arrived(missing: readonly string[], onTheirWay: readonly string[], round: number): Promise<readonly string[]> {
    const inquiry = await new Inquiry(this.sources, this.#project).begin();
    const about = missing.length === 1 ? missing : Number.POSITIVE_INFINITY;
    const lists = missing.length === 0 ? [] : inquiry.add(['pending'], about);
    await inquiry.readToEnd(lists, () => unlistedIn(lists, missing).length === 0);
    this.sources.requireLists();
    const hidden = unlistedIn(lists, missing);
    const [mayBeShared] = await Promise.all([isAnyShared(hidden, round, inquiry), inquiry.askImages(onTheirWay)]);
    const usable = onTheirWay.filter((image) => usabilityOf(inquiry.seen(image).imageStatus) !== 'on-its-way');
    return [...(mayBeShared ? missing : withoutAny(missing, hidden)), ...usable];
  }

  /** statuses reads back what became of members. */
  async statuses(images: readonly string[], readback: Readback): Promise<ReadonlyMap<string, MemberReading>> {
    const { target, agrees, disputes } = readback;
    const inquiry = await new Inquiry(this.sources, this.#project).begin();
    const credible = images.filter(agrees);
    if (this.sources.listsBelieved && credible.length > FEW) await readTarget(credible, readback, inquiry);
    const open = images.filter((image) => {
      const { proven, status } = inquiry.seen(image);
      return !(agrees(image) && proven && status === target);
    });
    await inquiry.askMembers(open);
    await inquiry.resolve(open, target);
    const readings = images.map((image) => {
      const reading = readingOf(image, inquiry.seen(image), inquiry.answers(image), target, disputes(image));
      return [image, { ...reading, failure: reading.known ? null : this.sources.breakage }] as const;
    });
    return new Map(readings);
  }
}

/** readUntilClear reads on in whatever list can still settle something. */
function readUntilClear(question: Question, inquiry: Inquiry, lists: readonly SharedList[]): Promise<void> {
  return inquiry.sources.read(lists, async () => {
    await inquiry.begin();
    const open = unsettled(question, inquiry, false);
    const unclear = inquiry.withoutKind(question.ids, 'pending');
    const wanted = lists.filter(({ filter, records }) =>
      (filter.wholeImage === undefined ? open : unclear).some((image) => !records.has(image)),
    );
    return { count: Math.max(open.length, unclear.length), lists: wanted };
  });
}

/**
 * unsettled gives the images of which lists do not show enough.
 * @param presumes whether one list is enough if the question allows that
 */
function unsettled(question: Question, inquiry: Inquiry, presumes = true): readonly string[] {
  inquiry.noteContradictions();
  return question.ids.filter((image) => {
    const { proven, status } = standingOf(image, inquiry.answers(image));
    if (status === null || !(proven || presumes)) return true;
    return !(proven ? question.listsProve : question.presumes).has(status);
  });
}

function withoutAny(images: readonly string[], excluded: readonly string[]): readonly string[] {
  const set = new Set(excluded);
  return images.filter((image) => !set.has(image));
}

/** isAnyShared asks for a few members that no list shows, other ones in every round: if one is shared, the lists may hide all others too. */
async function isAnyShared(images: readonly string[], round: number, inquiry: Inquiry): Promise<boolean> {
  const start = (round * SAMPLE) % images.length;
  const isFew = images.length <= FEW || !inquiry.sources.listsOpen;
  const samples = isFew ? images : [...images.slice(start), ...images].slice(0, SAMPLE);
  await inquiry.askMembers(samples);
  return samples.some((image) => inquiry.seen(image).status !== null);
}

/**
 * The target's list is begun only when the others have been read: an image that moves in between is then seen at its new place. One
 * that both show has moved, or one of them lags, so that its member is asked; this makes no other image suspect.
 */
async function readTarget(images: readonly string[], { target, before }: Readback, inquiry: Inquiry): Promise<void> {
  const others = ALL_STATUSES.filter((status) => status !== target);
  const left = others.filter((status) => before.includes(status));
  const first = inquiry.add(left.length > 0 ? left : others, images.length);
  await inquiry.sources.read(first, () => ({ count: images.length, lists: first }));
  const last = inquiry.add([target], images.length);
  await inquiry.sources.read(last, () => ({ count: unlistedIn(last, images).length, lists: last }));
}
