/**
 * One inquiry about a project's images: what was asked of which source, and what came back.
 */
import type { Project } from '../cloud/iam.ts';
import type { ImageRecord } from '../cloud/image-service.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus } from '../model.ts';
import { pool } from '../pool.ts';
import {
  ALL_STATUSES,
  type Answer,
  type Answers,
  evidenceOf,
  fullEcsOf,
  isFilterIgnored,
  isReadFor,
  type KindLists,
  kindListsOf,
  listsOf,
  recordIn,
  unlistedIn,
} from './evidence.ts';
import { AT_ONCE, SHORT_PAGE, type SharedList, SOME_DOZENS } from './pager.ts';
import { FEW } from './question.ts';
import type { Reply, Sources } from './sources.ts';

export class Inquiry {
  readonly lists: SharedList[] = [];
  /** Those of them that are filtered by nothing but the member status and an ID. */
  readonly plain: SharedList[] = [];
  readonly sources: Sources;
  readonly #members = new Map<string, Answer<MemberStatus>>();
  readonly #images = new Map<string, Answer<ImageRecord>>();
  /** The statuses whose lists ignore the filter by `__whole_image`. */
  readonly #ignored = new Set<MemberStatus | null>();
  readonly #scope: Promise<Project>;
  /** The lists of each status that show kinds, found once for all images. */
  readonly #kinds = new Map<MemberStatus | null, KindLists>();
  /** How many records of lists were compared with each other. */
  #compared = 0;
  /** Empty until the scope of the credentials is certain. */
  project = '';

  constructor(sources: Sources, scope: Promise<Project>) {
    this.sources = sources;
    this.#scope = scope;
  }

  /**
   * begin waits until it is certain whose images these are; nothing that was read is weighed before.
   * @param reading the first reads; if the credentials are for another project, neither their answers nor their errors count
   */
  async begin(reading: Promise<void> = Promise.resolve()): Promise<this> {
    reading.catch(() => {});
    this.project = (await this.#scope).id;
    await reading;
    return this;
  }

  /**
   * add begins lists, one for each status, or one for each status and image.
   * @param about the images to look up one by one, or how many images whole lists are read about
   */
  add(statuses: readonly MemberStatus[], about: readonly string[] | number, wholeImage?: boolean): SharedList[] {
    const whole = (count: number) => [count <= SOME_DOZENS ? { limit: SHORT_PAGE } : {}];
    const filters = typeof about === 'number' ? whole(about) : about.map((id) => ({ id }));
    const lists = statuses.flatMap((memberStatus) =>
      filters.map((filter) => this.sources.list({ memberStatus, wholeImage, ...filter })),
    );
    this.lists.push(...lists);
    this.#kinds.clear();
    if (wholeImage === undefined) this.plain.push(...lists);
    return lists;
  }

  answers(image: string): Answers {
    return {
      lists: this.plain,
      believed: this.sources.listsBelieved,
      member: this.#members.get(image) ?? 'not-asked',
      image: this.#images.get(image) ?? 'not-asked',
    };
  }

  /** seen gives what is known of an image without the lists that are filtered by kind. */
  seen(image: string): Evidence {
    return evidenceOf(image, this.project, this.answers(image));
  }

  /** evidence gives all that is known of an image. */
  evidence(image: string): Evidence {
    const seen = this.seen(image);
    const { status, kind } = seen;
    const fullEcs = kind.fullEcs ?? fullEcsOf(image, this.#kindLists(status), this.#ignored.has(status));
    return { ...seen, kind: { ...kind, fullEcs } };
  }

  #kindLists(status: MemberStatus | null): KindLists {
    const known = this.#kinds.get(status) ?? kindListsOf(status, this.lists);
    this.#kinds.set(status, known);
    return known;
  }

  /**
   * noteContradictions compares the lists with each other, not only about the images of the question: a list whose filter has no effect
   * shows other images under a wrong status as well. Lists that contradict each other are not believed any more. Own images do not count:
   * they appear in every list of shared images.
   */
  noteContradictions(): void {
    const count = this.plain.reduce((sum, { records }) => sum + records.size, 0);
    // Lists only grow.
    if (count === this.#compared) return;
    this.#compared = count;
    const shown = new Map<string, MemberStatus>();
    for (const { filter, records } of this.plain)
      records.forEach(({ owner }, image) => {
        const isElsewhere = (shown.get(image) ?? filter.memberStatus) !== filter.memberStatus;
        if (isElsewhere && owner !== this.project) this.sources.listsBelieved = false;
        shown.set(image, filter.memberStatus);
      });
  }

  /** readToEnd reads lists to their ends, or until that is of no use any more. */
  readToEnd(lists: readonly SharedList[], isEnough: () => boolean = () => false): Promise<void> {
    return this.sources.read(lists, () => ({ count: isEnough() ? 0 : Number.POSITIVE_INFINITY, lists }));
  }

  /** ask asks for each member, and at the same time for the image if no list shows it. */
  async ask(images: readonly string[]): Promise<void> {
    // At a wrong address everything is a 404, which one image shows as well as a thousand.
    if (!this.sources.isAnswered && images.length > AT_ONCE) {
      await this.ask(images.slice(0, 1));
      this.sources.requireOffered();
    }
    const unasked = images.filter((image) => !this.#members.has(image));
    await Promise.all([this.askMembers(unasked), this.askImages(unlistedIn(this.plain, images))]);
  }

  /** askMembers asks for each member, side by side. The project is no member of its own images. */
  askMembers(images: readonly string[]): Promise<void> {
    return this.#collect(this.#members, images, async (image) =>
      this.seen(image).owner === this.project ? 'none' : this.sources.member(image, this.project),
    );
  }

  /** askImages asks for the images themselves, unless that has been done. */
  askImages(images: readonly string[]): Promise<void> {
    const unasked = images.filter((image) => !this.#images.has(image));
    return this.#collect(this.#images, unasked, (image) => this.sources.image(image));
  }

  async #collect<T>(
    answers: Map<string, Answer<T>>,
    images: readonly string[],
    call: (image: string) => Promise<Reply<T>>,
  ): Promise<void> {
    const replies = await pool(images, AT_ONCE, call);
    for (const [index, image] of images.entries()) answers.set(image, this.sources.settle(replies[index] as Reply<T>));
  }

  /**
   * resolve asks further about images whose members cannot be asked, or are not found although the project sees the image, as with a share
   * with its account or organisation: then it asks for the image itself and reads all three lists.
   * @param last the list that is read after the others
   */
  async resolve(images: readonly string[], last: MemberStatus): Promise<void> {
    const unresolved = () => images.filter((image) => this.#members.has(image) && !this.seen(image).proven);
    const withoutMember = () => unresolved().filter((image) => this.#members.get(image) === 'none');
    await this.askImages(withoutMember());
    const open = unresolved();
    const rounds = [ALL_STATUSES.filter((status) => status !== last), [last]];
    for (const statuses of this.sources.listsBelieved ? rounds : []) {
      const unread = statuses.filter((status) => !open.every((image) => isReadFor(image, listsOf(status, this.lists))));
      await this.readToEnd(this.add(unread, open.length <= FEW ? open : Number.POSITIVE_INFINITY));
    }
    // A share that arrived between the two calls shows in the image only; its member is there by now.
    await this.askMembers(withoutMember());
  }

  /** withoutKind gives those images of which neither their attributes nor the list of full-ECS images have shown what they are. Only IMS has kinds. */
  withoutKind(images: readonly string[], status: MemberStatus): readonly string[] {
    const whole = listsOf(status, this.lists, true);
    const isOpen = (image: string) =>
      (recordIn(image, this.lists)?.kind.fullEcs ?? null) === null && !isReadFor(image, whole);
    return this.sources.api === 'ims' ? images.filter(isOpen) : [];
  }

  /** askKinds finds out which images are full-ECS, of all that are to be accepted: by the lists that are filtered by `__whole_image`. */
  async askKinds(images: readonly string[]): Promise<void> {
    for (const status of ['pending', 'rejected'] as const) {
      const shared = images.filter((image) => this.seen(image).status === status);
      const open = this.withoutKind(shared, status);
      // The silence of the filtered list counts only for images that the list of their status shows.
      const unlisted = unlistedIn(listsOf(status, this.lists), open);
      const about = (some: readonly string[]) => (open.length <= SOME_DOZENS ? some : open.length);
      const plain = unlisted.length === 0 ? [] : this.add([status], about(unlisted));
      await this.readToEnd([...plain, ...this.add([status], about(open), true)]);
      await this.#testFilter(shared, status);
    }
  }

  /**
   * If the list of full-ECS images holds every image of the question, one of them without another sign of what it is, the filter may
   * have no effect: then the list of all others holds them too.
   */
  async #testFilter(shared: readonly string[], status: MemberStatus): Promise<void> {
    const lists = this.lists.filter(({ filter }) => filter.memberStatus === status);
    const unmarked = shared.filter((image) => recordIn(image, lists)?.kind.fullEcs === null);
    const unsigned = unmarked.filter((image) => recordIn(image, lists)?.fromBackup === false);
    if (unsigned.length === 0 || unmarked.some((image) => fullEcsOf(image, this.#kindLists(status), false) !== true))
      return;
    const others = this.add([status], unsigned.length === 1 ? unsigned : Number.POSITIVE_INFINITY, false);
    await this.readToEnd(others, () => unlistedIn(others, unsigned).length < unsigned.length);
    if (isFilterIgnored(status, this.lists)) this.#ignored.add(status);
  }
}
