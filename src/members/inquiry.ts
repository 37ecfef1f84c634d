/**
 * One inquiry about a project's images: what was asked of which source, and what came back.
 */
import type { Project } from '../cloud/iam.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus } from '../model.ts';
import { pool } from '../pool.ts';
import {
  type Answers,
  evidenceOf,
  fullEcsOf,
  type ImageAnswer,
  lacks,
  type MemberAnswer,
  recordIn,
} from './evidence.ts';
import { pageSizeFor, type SharedList } from './pager.ts';
import { FEW } from './question.ts';
import { AT_ONCE, type Sources } from './sources.ts';

export const ALL_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];

export class Inquiry {
  readonly lists: SharedList[] = [];
  readonly sources: Sources;
  readonly #members = new Map<string, MemberAnswer>();
  readonly #images = new Map<string, ImageAnswer>();
  readonly #scope: Promise<Project>;
  /** Empty until the scope of the credentials is certain. */
  project = '';

  constructor(sources: Sources, scope: Promise<Project>) {
    this.sources = sources;
    this.#scope = scope;
  }

  /** begin waits until it is certain whose images these are; nothing that was read is weighed before. */
  async begin(): Promise<this> {
    this.project = (await this.#scope).id;
    return this;
  }

  /**
   * add begins lists, one for each status, or one for each status and image.
   * @param about the images to look up one by one, or how many images whole lists are read about
   */
  add(statuses: readonly MemberStatus[], about: readonly string[] | number, wholeImage?: boolean): SharedList[] {
    const filters = typeof about === 'number' ? [pageSizeFor(about)] : about.map((id) => ({ id }));
    const whole = wholeImage === undefined ? {} : { wholeImage };
    const lists = statuses.flatMap((memberStatus) =>
      filters.map((filter) => this.sources.list({ memberStatus, ...filter, ...whole })),
    );
    this.lists.push(...lists);
    return lists;
  }

  /** The lists that are filtered by nothing but the member status and an ID. */
  get plain(): readonly SharedList[] {
    return this.lists.filter(({ wholeImage }) => wholeImage === undefined);
  }

  answers(image: string): Answers {
    return {
      lists: this.plain,
      believed: this.sources.listsBelieved,
      member: this.#members.get(image) ?? 'not-asked',
      image: this.#images.get(image) ?? 'not-asked',
    };
  }

  evidence(image: string): Evidence {
    const evidence = evidenceOf(image, this.project, this.answers(image));
    const asked = evidence.status === null ? null : fullEcsOf(image, evidence.status, this.lists);
    return { ...evidence, kind: { ...evidence.kind, fullEcs: evidence.kind.fullEcs ?? asked } };
  }

  /** isOwn: own images appear in every list of shared images, so that these do not contradict each other. */
  isOwn(image: string): boolean {
    return this.evidence(image).owner === this.project;
  }

  /** isCertain tells whether the member was asked, if it can be, or the image is the project's own. */
  isCertain(image: string): boolean {
    return this.#members.has(image) || this.isOwn(image);
  }

  /**
   * noteContradictions compares the lists with each other, not only about the images of the question: a list whose filter has no effect
   * shows other images under a wrong status as well. Lists that contradict each other are not believed any more.
   */
  noteContradictions(): void {
    if (!this.sources.listsBelieved) return;
    const shown = new Map<string, MemberStatus>();
    for (const { status, records } of this.plain)
      for (const [image, { owner }] of records) {
        if (owner === this.project) continue;
        if ((shown.get(image) ?? status) !== status) {
          this.sources.listsBelieved = false;
          return;
        }
        shown.set(image, status);
      }
  }

  readToEnd(lists: readonly SharedList[]): Promise<void> {
    return this.sources.read(lists, () => ({ count: Number.POSITIVE_INFINITY, lists }));
  }

  /** readFor reads lists until they hold the images; `toEnd`: however long they are. */
  readFor(images: readonly string[], lists: readonly SharedList[], toEnd = false): Promise<void> {
    return this.sources.read(lists, () => {
      const open = images.filter((image) => !lists.some((list) => list.records.has(image)));
      return { count: toEnd ? Number.POSITIVE_INFINITY : open.length, lists: open.length === 0 ? [] : lists };
    });
  }

  /** askMembers asks for each member, side by side. */
  async askMembers(images: readonly string[]): Promise<void> {
    const replies = await pool(images, AT_ONCE, async (image) =>
      this.isOwn(image) ? 'none' : this.sources.member(image, this.project),
    );
    for (const [index, image] of images.entries())
      this.#members.set(image, this.sources.settle(replies[index] ?? 'silent'));
  }

  /** ask asks for each member, and at the same time for the image if no list shows it. */
  async ask(images: readonly string[]): Promise<void> {
    const [first] = images;
    // At a wrong address everything is a 404, which one image shows as well as a thousand.
    if (!this.sources.isAnswered && images.length > AT_ONCE && first !== undefined) {
      await this.#askBoth([first]);
      this.sources.requireOffered();
    }
    await this.#askBoth(images);
  }

  async #askBoth(images: readonly string[]): Promise<void> {
    const unlisted = images.filter((image) => recordIn(image, this.plain) === null);
    const unasked = images.filter((image) => !this.#members.has(image));
    await Promise.all([this.askMembers(unasked), this.askImages(unlisted)]);
  }

  /** askImages asks for the images themselves, unless that has been done. */
  async askImages(images: readonly string[]): Promise<void> {
    const open = images.filter((image) => !this.#images.has(image));
    const replies = await pool(open, AT_ONCE, (image) => this.sources.image(image));
    for (const [index, image] of open.entries())
      this.#images.set(image, this.sources.settle(replies[index] ?? 'silent'));
  }

  /**
   * resolve asks on for images whose members cannot be asked, or are not found although the project sees the image, as with a share with
   * its account or organisation: then the image itself and all three lists have to tell.
   * @param last the list that is read after the others
   */
  async resolve(images: readonly string[], last: MemberStatus): Promise<void> {
    await this.askImages(images.filter((image) => this.answers(image).member === 'none' && this.#isUnresolved(image)));
    await this.#readAllLists(images, last);
    // A share that arrived between the two calls shows in the image only; its member is there by now.
    await this.askMembers(images.filter((image) => this.answers(image).member === 'none' && this.#isUnresolved(image)));
  }

  async #readAllLists(images: readonly string[], last: MemberStatus): Promise<void> {
    const open = images.filter((image) => this.#isUnresolved(image));
    if (!this.sources.listsBelieved || !this.sources.listsOpen || open.length === 0) return;
    for (const statuses of [ALL_STATUSES.filter((status) => status !== last), [last]]) {
      const unread = statuses.filter((status) => open.some((image) => !this.#isReadFor(image, status)));
      await this.readToEnd(this.add(unread, open.length <= FEW ? open : Number.POSITIVE_INFINITY));
    }
  }

  #isReadFor(image: string, status: MemberStatus): boolean {
    return this.plain.some((list) => list.status === status && (list.records.has(image) || lacks(list, image)));
  }

  #isUnresolved(image: string): boolean {
    const answers = this.answers(image);
    if (!this.#members.has(image) || this.evidence(image).proven) return false;
    return answers.member !== 'none' || answers.image !== 'none';
  }
}
