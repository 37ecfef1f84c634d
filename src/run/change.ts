/**
 * Change: send the change. It is never repeated blindly: whenever its effect is in doubt, the members are read first.
 */
import { isAboutImage, isAboutVault } from '../cloud/error-codes.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import { imageIdsIn } from '../cloud/ims.ts';
import { effectUnknown, retryDelay } from '../cloud/retry.ts';
import { type Batch, divide, planBatches } from '../decide/batches.ts';
import { LOST_PATIENCE, proofDelay } from '../decide/pace.ts';
import type { JobReply, Problem } from '../model.ts';
import { type Member, opened } from './board.ts';
import { BATCHES_AT_ONCE, type Crew, plural } from './crew.ts';
import { explain, explainFailure } from './explain.ts';
import { follow } from './follow.ts';
import { judgeImages } from './look.ts';
import { pool } from './pool.ts';

/** change accepts or rejects all that is to be changed in a project and follows the jobs to their end (unless `wait` is false). */
export function change(crew: Crew, member: Member): Promise<void> {
  return new Change(crew, member).run();
}

/** Withdrawn takes a request back before it is sent. */
class Withdrawn extends Error {}

class Change {
  readonly #crew: Crew;
  readonly #member: Member;
  /** A refusal that concerns the project and not an image: no further request is sent. */
  #halted: Problem | null = null;
  /** A refusal of the vault: no further request is sent with it; images that need none are not held back. */
  #vaultRefused: Problem | null = null;

  constructor(crew: Crew, member: Member) {
    this.#crew = crew;
    this.#member = member;
  }

  async run(): Promise<void> {
    const { config } = this.#crew;
    const member = this.#member;
    const ids = member.with(
      ({ sight, obstacle }) => obstacle === null && !(sight?.known === true && sight.status === config.status),
    );
    const needs = ids.map((image) => ({ image, fullEcs: member.facts.get(image)?.sight?.kind.fullEcs ?? null }));
    const batches = planBatches(needs, config.status === 'accepted' ? member.vault : null);
    await pool(batches, BATCHES_AT_ONCE, (batch) => this.#submit(batch, 0));
  }

  /** @param resends how often a lost answer has made this part of the batch be sent again */
  async #submit(batch: Batch, resends: number): Promise<void> {
    const { config, log, board } = this.#crew;
    const member = this.#member;
    if (board.blocked) return;
    const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
    if (halted !== null) return this.#refuse(batch, halted);
    const before = new Map(batch.images.map((image) => [image, member.facts.get(image)?.sent ?? 'no']));
    // Noted as it happens, because the run may end at any moment.
    const onDoubt = (inDoubt: boolean) => {
      // While this request waited to be sent again, another one may have shown that nothing must be sent.
      if (inDoubt && board.blocked) throw new Withdrawn();
      for (const [image, sent] of before) member.note(image, { sent: inDoubt ? 'lost' : sent });
    };
    let answer: { jobId: string; requestId: string | null };
    try {
      answer = await this.#send(batch, onDoubt);
    } catch (error) {
      if (error instanceof Withdrawn) return;
      const failure = failureOf(error);
      if (error instanceof RenewalError) return this.#halt(batch, explain(error));
      if (failure === null) throw error;
      if (effectUnknown(failure)) return this.#reconcile(batch, failure, resends);
      return this.#refused(batch, failure);
    }
    board.jobIds.push(answer.jobId);
    board.request(answer.requestId);
    for (const image of batch.images) member.note(image, { sent: 'answered', jobId: answer.jobId });
    log.line(
      `Asked for ${plural(batch.images.length, 'image')} to be ${config.status} in ${member.label}: job ${answer.jobId}`,
    );
    if (!config.wait) return;
    const reply = await follow(this.#crew, member, batch.images, answer.jobId);
    if (reply !== null && isBrokenByImage(batch, reply)) await this.#sendApart(batch, reply);
  }

  /**
   * A job that fails as a whole because of one image may leave the others unchanged. Those whose members say so are sent again,
   * divided, until the culprit is alone; each round halves a batch, so this ends.
   */
  async #sendApart(batch: Batch, reply: JobReply): Promise<void> {
    const { config, log } = this.#crew;
    const readings = await opened(this.#member).reader.statuses(batch.images, config.status);
    const unchanged = batch.images.filter((image) => {
      const reading = readings.get(image);
      return reading?.known === true && reading.status !== null && reading.status !== config.status;
    });
    if (unchanged.length < 2) return;
    const parts = divide({ ...batch, images: unchanged }, imageIdsIn(reply.message ?? ''));
    log.line(
      `The job failed because of an image (${reply.code}) and left ${unchanged.length} unchanged: sending them again as ${parts[0].images.length} and ${parts[1].images.length}`,
    );
    await pool(parts, parts.length, (part) => this.#submit(part, 0));
  }

  async #send(batch: Batch, onDoubt: (inDoubt: boolean) => void): Promise<{ jobId: string; requestId: string | null }> {
    const { session } = opened(this.#member);
    const { id } = await session.project;
    const { images, vault } = batch;
    return session.ims.updateMembers({ images, vault, project: id, status: this.#crew.config.status }, onDoubt);
  }

  /** A refusal because of one image is divided until it concerns that image alone; any other one halts what it concerns. */
  async #refused(batch: Batch, failure: Failure): Promise<void> {
    const { log } = this.#crew;
    const problem = explainFailure(failure);
    if (!concernsImage(failure)) {
      const found = await this.#leaveOutHidden(batch, problem);
      return found ? undefined : this.#halt(batch, problem);
    }
    if (batch.images.length === 1) return this.#refuse(batch, problem);
    const parts = divide(batch, imageIdsIn(failure.detail));
    log.line(
      `Refused because of an image (${failure.code ?? `HTTP ${failure.status}`}): dividing ${batch.images.length} into ${parts[0].images.length} and ${parts[1].images.length}`,
    );
    await pool(parts, parts.length, (part) => this.#submit(part, 0));
  }

  /**
   * The service may ask for a vault although no image showed that it needs one, because full-ECS images need not show. They are
   * sought now and stop the run as if they had shown; where something was sent before, only they are left out.
   * @returns whether such images were found
   */
  async #leaveOutHidden(batch: Batch, { code }: Problem): Promise<boolean> {
    const { config, board, log } = this.#crew;
    const member = this.#member;
    if (code === null || !isAboutVault(code) || member.vault !== null || config.status !== 'accepted') return false;
    const sights = await opened(member).reader.look(batch.images, { likely: ['pending', 'rejected'], kind: 'always' });
    const hidden = batch.images.filter((image) => sights.get(image)?.kind.fullEcs === true);
    if (hidden.length === 0) return false;
    log.line(`Refused for want of a vault (${code}): ${plural(hidden.length, 'image')} found to be full-ECS`);
    for (const image of hidden) member.note(image, { sight: sights.get(image) ?? null });
    judgeImages(this.#crew, member, hidden);
    board.blocked = board.members.every((one) => one.with(({ sent }) => sent !== 'no').length === 0);
    const others = batch.images.filter((image) => !hidden.includes(image));
    if (!board.blocked && others.length > 0) await this.#submit({ ...batch, images: others }, 0);
    return true;
  }

  #halt(batch: Batch, problem: Problem): void {
    if (batch.vault !== null && problem.code !== null && isAboutVault(problem.code)) this.#vaultRefused = problem;
    else this.#halted = problem;
    this.#crew.board.problem(problem);
    this.#refuse(batch, problem);
  }

  #refuse(batch: Batch, problem: Problem): void {
    for (const image of batch.images) this.#member.note(image, { refusal: problem });
  }

  /** The answer was lost: what the members say decides what is sent again. */
  async #reconcile(batch: Batch, failure: Failure, resends: number): Promise<void> {
    const { config, log, clock, signal, board } = this.#crew;
    board.request(failure.requestId);
    log.line(`No usable answer to the change (${failure.detail}): reading the members before anything is sent again`);
    const missing = await this.#stillMissing(batch);
    if (missing.length === 0) return;
    if (resends >= config.retries) return this.#refuse({ ...batch, images: missing }, explainFailure(failure));
    const delay = retryDelay(resends, failure.retryAfter, clock.random());
    await clock.sleep(delay, signal);
    log.line(`Sending again for ${plural(missing.length, 'image')} whose status has not changed`);
    await this.#submit({ ...batch, images: missing }, resends + 1);
  }

  /** Reads the members for some seconds; gives the images that certainly do not have the status. */
  async #stillMissing(batch: Batch): Promise<readonly string[]> {
    const { config, clock, signal } = this.#crew;
    const { reader } = opened(this.#member);
    const begun = clock.now();
    let left = batch.images;
    for (;;) {
      const readings = await reader.statuses(left, config.status);
      for (const [image, reading] of readings) {
        if (reading.known && reading.status === config.status)
          this.#member.note(image, { proof: { state: 'read', status: reading.status } });
        if (!reading.known) this.#member.note(image, { proof: { state: 'forbidden' } });
      }
      left = left.filter((image) => {
        const reading = readings.get(image);
        return reading?.known === true && reading.status !== config.status;
      });
      const elapsed = clock.now() - begun;
      if (left.length === 0 || elapsed >= LOST_PATIENCE) return left;
      await clock.sleep(proofDelay(elapsed), signal);
    }
  }
}

/** By its code; a 404 without one can only mean an image, because the call's path names nothing else. */
function concernsImage({ code, status }: Failure): boolean {
  return code === null ? status === 404 : isAboutImage(code);
}

/** A job without a word on any single image, with a code that blames one. */
function isBrokenByImage({ images }: Batch, { state, code, images: words }: JobReply): boolean {
  return images.length > 1 && state === 'failure' && words.size === 0 && code !== null && isAboutImage(code);
}
