/**
 * Reading the images and memberships of one project: asks the sources in the order that takes the fewest requests, until the evidence
 * answers the question.
 */
import { rightsCure } from '../cloud/error-codes/rights.ts';
import type { Failure } from '../cloud/errors.ts';
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord, MembershipReads } from '../cloud/image-service.ts';
import type { Evidence } from '../decide/facts.ts';
import type { Api, MemberStatus, TargetStatus } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { usabilityOf } from '../values.ts';
import { listingOf, readingOf, recordIn, type StatusReading } from './evidence.ts';
import { ALL_STATUSES, Inquiry } from './inquiry.ts';
import { askKinds } from './kinds.ts';
import { readUntilClear, sampleOf, unlisted, unsettled } from './open-images.ts';
import { FEW, type Question } from './question.ts';
import { AT_ONCE, Sources } from './sources.ts';

/** A shared image as the lists show it. */
export interface Listed {
  readonly status: MemberStatus;
  readonly record: ImageRecord;
  readonly evidence: Evidence;
}

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

export class Reader {
  readonly #sources: Sources;
  readonly #project: Promise<Project>;

  /**
   * @param project settles when the credentials' scope is certain; nothing is believed before
   * @param optional see `Sources`
   */
  constructor(reads: MembershipReads, project: Promise<Project>, optional = false) {
    this.#sources = new Sources(reads, optional);
    this.#project = project;
  }

  /** look learns all there is to know of the images. Throws if the service fails, or is no image service; not if it refuses to tell. */
  async look(question: Question): Promise<ReadonlyMap<string, Evidence>> {
    const { ids, accepting, lists } = question;
    const inquiry = new Inquiry(this.#sources, this.#project);
    const about = ids.length === 1 ? ids : ids.length;
    inquiry.add(lists, about);
    if (accepting && this.#sources.api === 'ims') inquiry.add(['pending'], about, true);
    await this.#afterScope(inquiry, readUntilClear(question, inquiry, inquiry.lists));
    const others = ALL_STATUSES.filter((status) => !lists.includes(status));
    // For many images that the likely lists do not show, the other lists are shorter than a call for each.
    if (lists.length > 0 && unlisted(question, inquiry).length > FEW && this.#sources.listsBelieved)
      await readUntilClear(question, inquiry, inquiry.add(others, ids.length));
    const open = await this.#worthAsking(question, inquiry);
    await inquiry.ask(open);
    await inquiry.resolve(open, 'accepted');
    inquiry.noteContradictions();
    if (accepting) {
      await askKinds(ids, inquiry);
      // That an image cannot be used is believed only if the image itself says so.
      await inquiry.askImages(ids.filter((image) => usabilityOf(inquiry.evidence(image).imageStatus) !== 'usable'));
    }
    this.#sources.requireOffered();
    this.#sources.requireAnswers(ids.map((image) => inquiry.evidence(image)).every(isAnswered));
    return new Map(
      ids.map((image) => {
        const evidence = inquiry.evidence(image);
        // However much lists agree, they prove nothing about a few images.
        const isProven = evidence.proven && (ids.length > FEW || inquiry.isCertain(image));
        return [image, { ...evidence, proven: isProven }];
      }),
    );
  }

  /** confirm asks for each image's member, whatever lists have shown of it. */
  async confirm(known: ReadonlyMap<string, Evidence>): Promise<ReadonlyMap<string, Evidence>> {
    const inquiry = await new Inquiry(this.#sources, this.#project).begin();
    const images = [...known.keys()];
    await inquiry.ask(images);
    await inquiry.resolve(images, 'accepted');
    return new Map(
      [...known].map(([image, before]) => {
        const now = inquiry.evidence(image);
        const { known: isKnown, proven, status } = now;
        // No answer may have shown the image now; what it is was known before.
        if (now.owner === null) return [image, { ...before, known: isKnown, proven, status }];
        return [image, { ...now, kind: { ...now.kind, fullEcs: now.kind.fullEcs ?? before.kind.fullEcs } }];
      }),
    );
  }

  /** What closed the lists, if `all` gave nothing. */
  get listsRefusal(): Failure | null {
    return this.#sources.listsRefusal;
  }

  /**
   * all reads the three lists to their ends. Null if the identity may not list.
   * @param kinds also find out which of the pending images are full-ECS
   * @param matters the images whose status has to be certain
   * @param provable the statuses for which lists are enough, given which images matter; see `Question`
   */
  async all(
    kinds = false,
    matters: (record: ImageRecord) => boolean = () => true,
    provable: (ids: readonly string[]) => ReadonlySet<MemberStatus> = () => new Set(ALL_STATUSES),
  ): Promise<readonly Listed[] | null> {
    const inquiry = new Inquiry(this.#sources, this.#project);
    inquiry.add(ALL_STATUSES, Number.POSITIVE_INFINITY);
    if (kinds && this.#sources.api === 'ims') inquiry.add(['pending'], Number.POSITIVE_INFINITY, true);
    await this.#afterScope(inquiry, inquiry.readToEnd(inquiry.lists));
    this.#sources.requireOffered();
    if (!this.#sources.listsOpen) return null;
    const records = new Map(inquiry.plain.flatMap((list) => [...list.records]));
    const foreign = [...records].filter(([, { owner }]) => owner !== inquiry.project);
    inquiry.noteContradictions();
    const wanted = foreign.filter(([, record]) => matters(record)).map(([image]) => image);
    const enough = provable(wanted);
    const isSettled = ({ status }: Evidence) => this.#sources.listsBelieved && status !== null && enough.has(status);
    const open = wanted.filter((image) => !isSettled(inquiry.evidence(image)));
    await inquiry.ask(open);
    await inquiry.resolve(open, 'accepted');
    if (wanted.some((image) => !inquiry.evidence(image).known))
      throw new ProblemError(contradiction(this.#sources.api));
    if (kinds) await askKinds(wanted, inquiry);
    return foreign.flatMap(([image, record]) => {
      const evidence = inquiry.evidence(image);
      const { status } = evidence;
      return status === null ? [] : [{ status, record, evidence }];
    });
  }

  /**
   * arrived gives those images that may have come to be shared, or usable, meanwhile; for waiting at little cost. The list of pending
   * images and a few members are enough, because only a look can tell for certain.
   * @param onTheirWay images that are shared but were not usable yet
   * @param round counts the calls, so that other members are asked each time
   */
  async arrived(missing: readonly string[], onTheirWay: readonly string[], round: number): Promise<readonly string[]> {
    const inquiry = await new Inquiry(this.#sources, this.#project).begin();
    if (missing.length > 0)
      await inquiry.readFor(
        missing,
        inquiry.add(['pending'], missing.length === 1 ? missing : Number.POSITIVE_INFINITY),
        true,
      );
    const hidden = missing.filter((image) => recordIn(image, inquiry.lists) === null);
    const isFew = hidden.length <= FEW || !this.#sources.listsOpen;
    const samples = isFew ? hidden : sampleOf(hidden, round);
    await Promise.all([inquiry.askMembers(samples), inquiry.askImages(onTheirWay)]);
    const usable = onTheirWay.filter((image) => usabilityOf(inquiry.evidence(image).imageStatus) !== 'on-its-way');
    // The lists hide a member, so that any other image may be shared too.
    if (samples.some((image) => inquiry.evidence(image).status !== null)) return [...missing, ...usable];
    return [...missing.filter((image) => !hidden.includes(image)), ...usable];
  }

  /** Many images that no list shows: while they are waited for, a few members tell whether the lists hide them. */
  async #worthAsking(question: Question, inquiry: Inquiry): Promise<readonly string[]> {
    const open = unsettled(question, inquiry, true);
    const missing = unlisted(question, inquiry);
    if (!question.waits || missing.length <= AT_ONCE || !this.#sources.listsOpen) return open;
    const samples = sampleOf(missing, 0);
    await inquiry.askMembers(samples);
    if (samples.some((image) => inquiry.evidence(image).status !== null)) return open;
    return open.filter((image) => !missing.includes(image));
  }

  /** statuses reads back what became of members. */
  async statuses(images: readonly string[], readback: Readback): Promise<ReadonlyMap<string, StatusReading>> {
    const { target, agrees, disputes } = readback;
    const inquiry = await new Inquiry(this.#sources, this.#project).begin();
    const credible = images.filter(agrees);
    if (this.#sources.listsBelieved && this.#sources.listsOpen && credible.length > FEW)
      await this.#readLists(credible, readback, inquiry);
    const open = images.filter((image) => {
      const listing = listingOf(image, inquiry.lists);
      const isThere = listing.state === 'listed' && listing.status === target && listing.agreed;
      return !(isThere && agrees(image) && this.#sources.listsBelieved);
    });
    await inquiry.askMembers(open);
    await inquiry.resolve(open, target);
    const readings = images.map((image) => {
      const expected = { target, disputed: disputes(image) };
      return [image, readingOf(image, inquiry.evidence(image), inquiry.answers(image), expected)] as const;
    });
    this.#sources.requireAnswers(readings.every(([, { known }]) => known));
    return new Map(readings);
  }

  /** See `Sources`. */
  get looksLikeOpenStack(): boolean {
    return this.#sources.looksLikeOpenStack;
  }

  /** reopen has closed reads tried once more; see `Sources`. */
  reopen(): void {
    this.#sources.reopen();
  }

  /**
   * The target's list is begun only when the others have been read: an image that moves in between is then seen at its new place. One
   * that both show has moved, or one of them lags, so that its member is asked; this makes no other image suspect.
   */
  async #readLists(images: readonly string[], { target, before }: Readback, inquiry: Inquiry): Promise<void> {
    const left = before.filter((status) => status !== target);
    const others = inquiry.add(
      left.length > 0 ? left : ALL_STATUSES.filter((status) => status !== target),
      images.length,
    );
    await this.#sources.read(others, () => ({ count: images.length, lists: others }));
    await inquiry.readFor(images, inquiry.add([target], images.length));
  }

  /** The check of the scope goes first: if it fails, what the reads say or fail with is worth nothing. */
  async #afterScope(inquiry: Inquiry, begun: Promise<void>): Promise<void> {
    begun.catch(() => {});
    await inquiry.begin();
    await begun;
  }
}

/** That an image is not shared is no answer unless it is proven. */
function isAnswered({ known, proven, status }: Evidence): boolean {
  return known && (proven || status !== null);
}

function contradiction(api: Api): { readonly cause: string; readonly cure: string } {
  return {
    cause: 'The lists of shared images contradict each other, and the members themselves cannot be asked.',
    cure: `${rightsCure(api, 'read')} Or name the images with \`images\`. Nothing was changed.`,
  };
}
