/**
 * The sources of what is known about memberships: the lists, two calls for a single member, and the call for a single image. Each may
 * be closed to the identity or not be offered by the host; this is remembered, so that it is found out once.
 */
import { type Availability, availabilityOf } from '../cloud/availability.ts';
import { type Failure, failureOf } from '../cloud/errors.ts';
import type { ImagePage, ImageRecord, ListFilter, MemberCall, MembershipReads } from '../cloud/image-service.ts';
import type { Api, MemberStatus } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { readLists, SharedList, type Wanted } from './pager.ts';

type Source = 'lists' | MemberCall | 'image';

/** An answer of a call for a single member or image; `unsure`: a 404 without a body, see `Availability`. */
export type Reply<T> = T | 'none' | 'unsure' | 'silent';

export class Sources {
  readonly #reads: MembershipReads;
  readonly #optional: boolean;
  readonly #shut = new Map<Source, 'closed' | 'missing' | 'broken'>();
  readonly #answered = new Set<Source>();
  /** The first refusal that says that the host does not offer a call. */
  #foreign: Failure | null = null;
  #refused = false;
  /** The failures of sources that others may stand in for, in the order in which they came. */
  readonly #broken = new Map<Source, unknown>();
  /** The first page that was asked for with all enterprise projects, because it had been refused; null if that was refused too. */
  #enterprise: Promise<ImagePage | null> | null = null;
  /** What closed the lists. */
  listsRefusal: Failure | null = null;
  /** False once lists have contradicted each other; from then on the members decide. */
  listsBelieved = true;

  /** @param optional the run goes on without any reads, so that a host need not offer them */
  constructor(reads: MembershipReads, optional = false) {
    this.#reads = reads;
    this.#optional = optional;
  }

  get api(): Api {
    return this.#reads.api;
  }

  /** True if the host answers as plain OpenStack does, which has the native calls, but not the list of IMS. */
  get looksLikeOpenStack(): boolean {
    if (this.api !== 'ims' || this.#shut.get('lists') !== 'missing') return false;
    return this.listsRefusal?.origin === 'image-service' || this.isAnswered;
  }

  get listsOpen(): boolean {
    return !this.#shut.has('lists');
  }

  /** True once the host has answered a read. */
  get isAnswered(): boolean {
    return this.#answered.size > 0;
  }

  /** reopen has closed sources asked once more: rights and what they depend on may have changed, above all after a change. */
  reopen(): void {
    for (const [source, why] of this.#shut) if (why !== 'missing') this.#shut.delete(source);
    this.#broken.clear();
  }

  /** The first failure of a source that others may stand in for; null if there was none since the sources were reopened. */
  get breakage(): unknown {
    return this.#broken.values().next().value ?? null;
  }

  /** Throws the failure of a source if the others could not answer what was asked. */
  requireAnswers(isAnswered: boolean): void {
    if (!isAnswered && this.breakage !== null) throw this.breakage;
  }

  /** Throws the failure of the lists, for what nothing else can answer. Lists that are closed or not offered have not failed. */
  requireLists(): void {
    if (this.#broken.has('lists')) throw this.#broken.get('lists');
  }

  /** Throws if nothing that the host has answered shows that it is an image service. */
  requireOffered(): void {
    const failure = this.#foreign;
    if (this.#optional || failure === null || this.#refused || this.isAnswered) return;
    throw new ProblemError({
      title: 'the host does not offer the image service',
      cause: `This host does not offer the call: ${failure.call} at ${failure.host} (HTTP ${failure.status}${failure.code === null ? '' : `, ${failure.code}`}), and none of the other reads either.`,
      cure: 'Check `region` and `ims-endpoint`: they must lead to the image service. Nothing was changed, and nothing is known about the images.',
      code: failure.code,
      requestId: failure.requestId,
    });
  }

  /** list begins a list; nothing is read yet. */
  list(filter: ListFilter): SharedList {
    return new SharedList((page) => this.#page(page), filter);
  }

  /** read reads lists, if they are open, for as long as that is of use; see `readLists`. */
  async read(lists: readonly SharedList[], open: () => Wanted | Promise<Wanted>): Promise<void> {
    if (!this.listsOpen) return;
    try {
      await readLists(lists, open);
    } catch (error) {
      this.#refusal('lists', error);
    }
  }

  /** member asks for one member, by the call that the host offers. */
  async member(image: string, project: string): Promise<Reply<MemberStatus>> {
    for (const call of this.api === 'ims' ? (['native', 'newer'] as const) : (['native'] as const)) {
      const reply = await this.#ask(call, () => this.#reads.getMember(image, project, call));
      if (reply !== 'silent' || this.#shut.get(call) !== 'missing') return reply;
    }
    return 'silent';
  }

  image(image: string): Promise<Reply<ImageRecord>> {
    return this.#ask('image', () => this.#reads.getImage(image));
  }

  /** settle decides what a 404 without a body means, once other reads may have been answered. */
  settle<T>(reply: Reply<T>): T | 'none' | 'silent' {
    if (reply !== 'unsure') return reply;
    return this.isAnswered ? 'none' : 'silent';
  }

  async #ask<T>(source: Source, call: () => Promise<T>): Promise<Reply<T>> {
    if (this.#shut.has(source)) return 'silent';
    try {
      return await this.#answer(source, call);
    } catch (error) {
      return this.#refusal(source, error);
    }
  }

  async #answer<T>(source: Source, call: () => Promise<T>): Promise<T> {
    const answer = await call();
    this.#answered.add(source);
    return answer;
  }

  /** What a failed read shows about its source; throws if it is an ordinary failure. */
  #refusal(source: Source, error: unknown): 'none' | 'unsure' | 'silent' {
    const failure = failureOf(error);
    let why: Availability | 'broken' | null = availabilityOf(error);
    if (source === 'lists') {
      this.listsRefusal = failure;
      // A list cannot be absent, so any 404 means that the call is missing.
      if (why !== null && why !== 'closed') why = 'missing';
    }
    if (why === null && isUseless(failure)) {
      if (!this.#broken.has(source)) this.#broken.set(source, error);
      why = 'broken';
    }
    if (why === null) throw error;
    if (why === 'absent' || why === 'closed') this.#refused = true;
    if (why === 'missing' || why === 'unsure') this.#foreign ??= failure;
    if (why === 'absent') return 'none';
    if (why === 'unsure') return 'unsure';
    // Closed for one image only if the call has been answered for another one.
    if (why !== 'closed' || !this.#answered.has(source)) this.#shut.set(source, why);
    return 'silent';
  }

  /** An identity with rights in enterprise projects only may have to name them; that is tried once. */
  async #page(filter: ListFilter): Promise<ImagePage> {
    const ask = (all: boolean) =>
      this.#answer('lists', () => this.#reads.listShared(all ? { ...filter, allEnterpriseProjects: true } : filter));
    if ((await this.#enterprise) !== null) return ask(true);
    try {
      return await ask(false);
    } catch (error) {
      if (this.api !== 'ims' || filter.marker !== undefined || failureOf(error)?.status !== 403) throw error;
      const isFirst = this.#enterprise === null;
      this.#enterprise ??= ask(true).catch(() => null);
      const page = await this.#enterprise;
      if (page === null) throw error;
      return isFirst ? page : ask(true);
    }
  }
}

/** A useless or a lost answer closes its source, because others may know. A refused identity, or a host that is not reached, concerns all. */
function isUseless(failure: Failure | null): boolean {
  if (failure === null || failure.status === 401) return false;
  return failure.type !== 'unreachable' && failure.type !== 'untrusted' && failure.type !== 'barred';
}
