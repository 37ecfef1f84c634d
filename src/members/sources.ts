/**
 * The ways to learn about a project's images: the lists, and the calls for a single member or image. Each of them may be closed to
 * the identity; once one has proved to be, it is not tried again.
 */
import { failureOf } from '../cloud/errors.ts';
import type { ImageRecord, Ims } from '../cloud/ims.ts';
import type { MemberStatus } from '../model.ts';
import { addListed, type Listed, Pages, readLists, type Whole } from './pager.ts';

/** Up to here one request per image is cheaper than pages that hold all the project's images. */
export const FEW = 3;

export class Sources {
  readonly #ims: Ims;
  #lists = true;
  #members = true;
  #images = true;

  constructor(ims: Ims) {
    this.#ims = ims;
  }

  /** False once a list was refused: then an image that was not found may be shared all the same. */
  get listsOpen(): boolean {
    return this.#lists;
  }

  /**
   * find adds what the lists of these statuses show: by one filtered request per image and status for a few images, by whole pages
   * for many.
   */
  async find(
    ids: readonly string[],
    statuses: readonly MemberStatus[],
    found: Map<string, Listed>,
    whole: Whole = {},
  ): Promise<void> {
    if (ids.length > FEW) return this.list(statuses, found, () => ids.every((id) => found.has(id)), whole);
    const asked = ids.flatMap((id) => statuses.map((status) => ({ id, status })));
    await Promise.all(
      asked.map(({ id, status }) =>
        this.#viaLists(async () => {
          const images = await this.#ims.listShared({
            memberStatus: status,
            id,
            ...whole,
          });
          // Should a service ignore the filter, only the image that was asked for counts.
          const record = images.find((image) => image.id === id);
          if (record !== undefined) addListed(found, status, record);
        }),
      ),
    );
  }

  /** list reads whole lists side by side until `enough` says that what was looked for has been found. */
  list(
    statuses: readonly MemberStatus[],
    found: Map<string, Listed>,
    enough: () => boolean,
    whole: Whole = {},
  ): Promise<void> {
    return this.#viaLists(() =>
      readLists(
        statuses.map((status) => new Pages(this.#ims, status, whole)),
        found,
        enough,
      ),
    );
  }

  /** Runs a read of the lists unless they are known to be closed; a refusal of the identity, or a missing call, closes them. */
  async #viaLists(read: () => Promise<void>): Promise<void> {
    if (!this.#lists) return;
    try {
      await read();
    } catch (error) {
      const status = failureOf(error)?.status;
      if (![403, 404, 405, 501].includes(status ?? 0)) throw error;
      this.#lists = false;
    }
  }

  /** member asks for the project's own membership in an image: null for none, undefined where the identity may not ask. */
  async member(id: string, project: string): Promise<MemberStatus | null | undefined> {
    if (!this.#members) return undefined;
    try {
      return await this.#ims.getMember(id, project);
    } catch (error) {
      if (failureOf(error)?.status !== 403) throw error;
      this.#members = false;
      return undefined;
    }
  }

  /** image asks for one image: null where there is nothing to be seen, for whatever reason. */
  async image(id: string): Promise<ImageRecord | null> {
    if (!this.#images) return null;
    try {
      return await this.#ims.getImage(id);
    } catch (error) {
      if (failureOf(error)?.status !== 403) throw error;
      this.#images = false;
      return null;
    }
  }
}
