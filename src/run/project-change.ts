/**
 * Change: one project while it is changed. A change is never repeated blindly: if its effect is in doubt, the memberships are read
 * first.
 */

import { retryDelay } from '../cloud/backoff.ts';
import { failureOf, RenewalError } from '../cloud/errors.ts';
import { type Batch, planBatches } from '../decide/batches.ts';
import { vaultFor } from '../decide/needs.ts';
import { afterReading, type LostAnswer, nextStep, type Step, type SubmitOutcome } from '../decide/next-step.ts';
import { DOUBT_PATIENCE } from '../decide/pace.ts';
import type { Problem } from '../model.ts';
import { plural } from '../values.ts';
import { explain } from './explain.ts';
import type { SubmittedJob } from './follow.ts';
import { stillMissing } from './prove.ts';
import type { OpenProject } from './record.ts';
import { noteFailure, type RunContext } from './run-context.ts';
import { outcomeOf } from './submit-outcome.ts';

/** What a project needs from the queue that all projects share. */
export interface QueueTools {
  /** Sends batches before all that wait, but not before a time. */
  readonly enqueue: (project: ProjectChange, batches: readonly Batch[], notBefore: number) => void;
  /** Starts work beside the queue, which handles its errors. */
  readonly start: (member: OpenProject, work: () => Promise<void>) => void;
  readonly follow: (job: SubmittedJob) => void;
}

/** A change without a job counts like one whose job has ended with success: it is to be proven as well. */
const DONE = { state: 'success', problem: null } as const;

/** The log gets one line for this many images that were changed one by one. */
const TOLD_AT_ONCE = 100;

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
  readonly #lost: (LostAnswer & { readonly batch: Batch })[] = [];
  #reading = false;
  /** Images whose change was made at once. */
  #done = 0;
  /** How many changes were refused because a right is missing. */
  #withoutRight = 0;

  constructor(context: RunContext, member: OpenProject, tools: QueueTools) {
    this.member = member;
    this.host = new URL(member.session.serviceUrl).host;
    this.#context = context;
    this.#tools = tools;
  }

  /** batches gives the requests that change all images without the requested status. */
  batches(): readonly Batch[] {
    const { member } = this;
    const { status, vaults } = this.#context.config;
    const { batchSize } = member.session.service;
    return planBatches([...member.facts.values()], status, vaultFor(member, vaults), batchSize);
  }

  /** refuseIfHalted refuses the images of a batch that must not be sent any more, and returns whether it has done so. */
  refuseIfHalted(batch: Batch): boolean {
    const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
    if (halted !== null) this.#refuse(batch, halted);
    return halted !== null;
  }

  /** send sends a batch once. What is known of its images is noted as it happens, because the run may end at any moment. */
  async send({ images, vault }: Batch): Promise<SubmitOutcome> {
    const { member } = this;
    const { service, project } = member.session;
    const { status } = this.#context.config;
    const before = new Map(images.map((image) => [image, member.known(image).sent]));
    const onDoubt = (inDoubt: boolean) => {
      for (const [image, sent] of before) member.note(image, { sent: inDoubt ? 'lost' : sent });
    };
    try {
      const answer = await service.updateMembers({ images, vault, project: (await project).id, status }, onDoubt);
      const { jobId, requestId } = answer;
      const job = jobId === null ? DONE : null;
      for (const image of images) member.note(image, { sent: 'answered', ...answer, job });
      return jobId === null ? { type: 'done' } : { type: 'taken', jobId, requestId };
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === null) throw error;
      return outcome;
    }
  }

  /**
   * goOn does what follows from the outcome of sending a batch.
   * @param isStuck see `SubmitState`
   */
  goOn(batch: Batch, outcome: SubmitOutcome, isStuck: boolean): void {
    if (outcome.type === 'refused' && outcome.about === 'right') this.#withoutRight++;
    const withoutRight = this.#done === 0 ? this.#withoutRight : 0;
    this.#carryOut(batch, nextStep(outcome, batch, { isStuck, withoutRight }));
  }

  /** tellRest logs how many changes were made one by one, unless the last line has the number already. */
  tellRest(): void {
    if (this.#done % TOLD_AT_ONCE > 0) this.#tell(this.#done, '');
  }

  #tell(count: number, job: string): void {
    const { config, log } = this.#context;
    log.line(`Asked for ${plural(count, 'image')} to be ${config.status} in ${this.member.label}${job}`);
  }

  #carryOut(batch: Batch, step: Step): void {
    const { record, log } = this.#context;
    const { images, vault } = batch;
    switch (step.step) {
      case 'follow':
        record.jobIds.push(step.jobId);
        record.request(step.requestId);
        this.#tell(images.length, `: job ${step.jobId}`);
        this.#tools.follow({ id: step.jobId, member: this.member, images, host: this.host, withVault: vault !== null });
        break;
      case 'count':
        // A line for each of a thousand images would bury the log.
        this.#done += images.length;
        if (this.#done % TOLD_AT_ONCE === 0) this.#tell(this.#done, '');
        break;
      case 'wait-for-turn':
        this.#tools.enqueue(this, [batch], 0);
        break;
      case 'divide': {
        const [first, second] = step.parts.map((part) => part.images.length);
        const code = step.problem.code ?? 'named in the answer';
        log.line(`Refused because of an image (${code}): dividing ${images.length} into ${first} and ${second}`);
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
        if (step.scope === 'identity') this.member.identityRefused = step.problem;
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
        const missing = await stillMissing(this.#context, this.member, images, DOUBT_PATIENCE);
        for (const { batch, ...answer } of lost) {
          const rest = batch.images.filter((image) => missing.has(image));
          this.#resend({ ...batch, images: rest }, answer);
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  #resend(batch: Batch, { problem, retryAfter, lasts }: LostAnswer): void {
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
