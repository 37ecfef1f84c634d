/**
 * Change: one project while it is changed. A change is never repeated blindly: if its effect is in doubt, the memberships are read
 * first.
 */

import { retryDelay } from '../cloud/backoff.ts';
import { failureOf, RenewalError } from '../cloud/errors.ts';
import { type Batch, planBatches } from '../decide/batches.ts';
import { afterReading, type Step } from '../decide/next-step.ts';
import { DOUBT_PATIENCE } from '../decide/pace.ts';
import type { Problem } from '../model.ts';
import { explain } from './explain.ts';
import { noteFailure } from './guard.ts';
import { stillMissing } from './prove.ts';
import type { OpenProject } from './record.ts';
import { plural, type RunContext } from './run-context.ts';

/** What a project needs from the queue that all projects share. */
export interface QueueTools {
  /** Sends batches before all that wait, but not before a time. */
  readonly enqueue: (project: ProjectChange, batches: readonly Batch[], notBefore: number) => void;
  /** Starts work beside the queue, which looks after its errors. */
  readonly start: (member: OpenProject, work: () => Promise<void>) => void;
}

/** A line of the log is written for so many images that were changed one by one. */
const TOLD_AT_ONCE = 100;

/** A batch whose answer was lost, and how. */
interface LostBatch {
  readonly batch: Batch;
  readonly problem: Problem;
  readonly retryAfter: number | null;
  readonly lasts: boolean;
}

export class ProjectChange {
  readonly member: OpenProject;
  /** Of the image service. */
  readonly host: string;
  readonly #context: RunContext;
  readonly #tools: QueueTools;
  /** A refusal that concerns the project and not an image: no further request is sent. */
  #halted: Problem | null = null;
  /** A refusal of the vault: no further request is sent with it. */
  #vaultRefused: Problem | null = null;
  /** Batches whose memberships are still to be read. */
  readonly #lost: LostBatch[] = [];
  #reading = false;
  /** Images whose change was made at once. */
  #done = 0;
  /** How many changes were refused for want of a right. */
  refusedForRight = 0;

  constructor(context: RunContext, member: OpenProject, tools: QueueTools) {
    this.member = member;
    this.host = new URL(member.session.serviceUrl).host;
    this.#context = context;
    this.#tools = tools;
  }

  /** batches gives the requests that change all images without the requested status. */
  batches(): readonly Batch[] {
    const { status } = this.#context.config;
    const { member } = this;
    const images = member.with(
      ({ evidence, obstacle }) => obstacle === null && !(evidence?.known === true && evidence.status === status),
    );
    const needs = images.map((image) => ({ image, fullEcs: member.facts.get(image)?.evidence?.kind.fullEcs ?? null }));
    const vault = status === 'accepted' ? member.vault : null;
    return planBatches(needs, vault, member.session.service.batchSize);
  }

  /** refuseIfHalted refuses the images of a batch that must not be sent any more, and tells whether it has done so. */
  refuseIfHalted(batch: Batch): boolean {
    const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
    if (halted !== null) this.#refuse(batch, halted);
    return halted !== null;
  }

  /** See `SubmitState`. */
  get withoutRight(): number {
    return this.#done === 0 ? this.refusedForRight : 0;
  }

  /** count counts images whose change was made at once, and says so in the log at a pace that suits a thousand of them. */
  count({ images }: Batch): void {
    const before = Math.floor(this.#done / TOLD_AT_ONCE);
    this.#done += images.length;
    if (Math.floor(this.#done / TOLD_AT_ONCE) > before) this.#tell();
  }

  /** tellRest says how many changes were made, unless that was said already. */
  tellRest(): void {
    if (this.#done % TOLD_AT_ONCE > 0) this.#tell();
  }

  #tell(): void {
    const { config, log } = this.#context;
    log.line(`Asked for ${plural(this.#done, 'image')} to be ${config.status} in ${this.member.label}`);
  }

  /** recover carries out what follows from a batch that led to no change. */
  recover(batch: Batch, step: Exclude<Step, { step: 'follow' | 'count' }>): void {
    const { record, log } = this.#context;
    switch (step.step) {
      case 'wait-for-turn':
        this.#tools.enqueue(this, [batch], 0);
        break;
      case 'divide': {
        const [first, second] = step.parts.map(({ images }) => images.length);
        const code = step.problem.code ?? 'named in the answer';
        log.line(`Refused because of an image (${code}): dividing ${batch.images.length} into ${first} and ${second}`);
        this.#tools.enqueue(this, step.parts, 0);
        break;
      }
      case 'resend-after-reading':
        record.request(step.problem.requestId);
        log.line(`${step.problem.cause} Reading the memberships before anything is sent again.`);
        this.#lost.push({ batch, ...step });
        if (!this.#reading) this.#tools.start(this.member, () => this.#readLost());
        break;
      case 'halt':
        if (step.identityRefused) this.member.identityRefused = step.problem;
        if (step.scope === 'vault') this.#vaultRefused = step.problem;
        else this.#halted = step.problem;
        record.problem(step.problem);
        this.#refuse(batch, step.problem);
        break;
      case 'refuse':
        this.#refuse(batch, step.problem);
    }
  }

  /**
   * fail ends the work on the project, because something other than a change has failed.
   * @returns whether the identity is no longer accepted, so that nothing more can be asked
   */
  fail(error: unknown): boolean {
    noteFailure(this.#context, this.member, error);
    const problem = explain(error);
    this.#halted ??= problem;
    const isRefused = error instanceof RenewalError || failureOf(error)?.status === 401;
    if (isRefused) this.member.identityRefused ??= problem;
    return isRefused;
  }

  /** Reads the memberships of all batches whose answers were lost; each image is read once. */
  async #readLost(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#lost.length > 0) {
        const lost = this.#lost.splice(0);
        const images = lost.flatMap(({ batch }) => batch.images);
        const missing = new Set(await stillMissing(this.#context, this.member, images, DOUBT_PATIENCE));
        for (const one of lost) {
          const rest = one.batch.images.filter((image) => missing.has(image));
          this.#resend({ ...one, batch: { ...one.batch, images: rest } });
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  #resend({ batch, problem, retryAfter, lasts }: LostBatch): void {
    const { config, clock, log } = this.#context;
    switch (afterReading(batch, lasts, config.retries)) {
      case 'done':
        break;
      case 'give-up':
        this.#refuse(batch, problem);
        break;
      case 'resend': {
        log.line(`Sending again for ${plural(batch.images.length, 'image')} whose status has not changed`);
        const delay = retryDelay(batch.resends, retryAfter, clock.random());
        this.#tools.enqueue(this, [{ ...batch, resends: batch.resends + 1 }], clock.now() + delay);
      }
    }
  }

  #refuse({ images }: Batch, refusal: Problem): void {
    for (const image of images) this.member.note(image, { refusal });
  }
}
