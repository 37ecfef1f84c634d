/**
 * Change: send the change. It is never repeated blindly: whenever its effect is in doubt, the members are read first.
 */
import { isAboutImage, isAboutVault } from '../cloud/error-codes/index.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import { imageIdsIn } from '../cloud/ims.ts';
import { effectUnknown, isThrottled, retryDelay } from '../cloud/retry.ts';
import { type Batch, divide, planBatches } from '../decide/batches.ts';
import { DOUBT_PATIENCE } from '../decide/pace.ts';
import type { JobReply, Problem } from '../model.ts';
import { pool } from '../pool.ts';
import { explain, explainFailure } from './explain.ts';
import { follow } from './follow.ts';
import { stillMissing } from './prove.ts';
import type { OpenProject } from './record.ts';
import { BATCHES_AT_ONCE, plural, type RunContext } from './run-context.ts';

/** change accepts or rejects all that is to be changed in a project and follows the jobs to their end (unless `wait` is false). */
export function change(context: RunContext, member: OpenProject): Promise<void> {
  return new Change(context, member).run();
}

/** Withdrawn takes a request back before it is sent. */
class Withdrawn extends Error {}

/** Requests that a batch may lead to after its job has failed as a whole: enough to find one culprit among 50 images. */
const SENT_APART = 14;

class Change {
  readonly #context: RunContext;
  readonly #member: OpenProject;
  /** A refusal that concerns the project and not an image: no further request is sent. */
  #halted: Problem | null = null;
  /** A refusal of the vault: no further request is sent with it; images that need none are not held back. */
  #vaultRefused: Problem | null = null;
  /** Requests without an answer yet, and jobs that are being followed. */
  readonly #underWay = new Set<Promise<unknown>>();
  /** Counts changes that were taken and jobs that have ended. */
  #progress = 0;
  #spare = 0;

  constructor(context: RunContext, member: OpenProject) {
    this.#context = context;
    this.#member = member;
  }

  async run(): Promise<void> {
    const { config } = this.#context;
    const member = this.#member;
    const ids = member.with(
      ({ evidence, obstacle }) => obstacle === null && !(evidence?.known === true && evidence.status === config.status),
    );
    const needs = ids.map((image) => ({ image, fullEcs: member.facts.get(image)?.evidence?.kind.fullEcs ?? null }));
    const batches = planBatches(needs, config.status === 'accepted' ? member.vault : null);
    this.#spare = SENT_APART * batches.length;
    await pool(batches, BATCHES_AT_ONCE, (batch) => this.#submit(batch, 0));
  }

  /**
   * @param resends how often a lost answer has made this part of the batch be sent again
   * @param seen the progress at which it has last waited for its turn
   */
  async #submit(batch: Batch, resends: number, seen = -1): Promise<void> {
    const { config, log, record } = this.#context;
    const member = this.#member;
    if (record.blocked) return;
    const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
    if (halted !== null) return this.#refuse(batch, halted);
    const before = new Map(batch.images.map((image) => [image, member.facts.get(image)?.sent ?? 'no']));
    // Noted as it happens, because the run may end at any moment.
    const onDoubt = (inDoubt: boolean) => {
      // While this request waited to be sent again, another one may have shown that nothing must be sent.
      if (inDoubt && record.blocked) throw new Withdrawn();
      for (const [image, sent] of before) member.note(image, { sent: inDoubt ? 'lost' : sent });
    };
    let answer: { jobId: string; requestId: string | null };
    try {
      answer = await this.#track(this.#send(batch, onDoubt));
    } catch (error) {
      if (error instanceof Withdrawn) return;
      const failure = failureOf(error);
      if (error instanceof RenewalError) return this.#halt(batch, explain(error), true);
      if (failure === null) throw error;
      if (effectUnknown(failure)) return this.#reconcile(batch, failure, resends);
      return this.#refused(batch, failure, seen);
    }
    this.#progress++;
    record.jobIds.push(answer.jobId);
    record.request(answer.requestId);
    for (const image of batch.images) member.note(image, { sent: 'answered', ...answer });
    log.line(
      `Asked for ${plural(batch.images.length, 'image')} to be ${config.status} in ${member.label}: job ${answer.jobId}`,
    );
    if (!config.wait) return;
    const reply = await this.#track(follow(this.#context, member, batch.images, answer.jobId));
    this.#progress++;
    if (reply !== null && isBrokenByImage(batch, reply)) await this.#sendApart(batch, reply);
  }

  /**
   * A job that fails as a whole because of one image may leave the others unchanged. Those whose members go on saying so are sent
   * again, divided, until the culprit is alone. Where there are many culprits, that is given up: the job's word stands for the rest.
   */
  async #sendApart(batch: Batch, reply: JobReply): Promise<void> {
    const { log } = this.#context;
    if (this.#spare < 2) return;
    const unchanged = await stillMissing(this.#context, this.#member, batch.images, DOUBT_PATIENCE);
    if (unchanged.length < 2 || this.#spare < 2) return;
    this.#spare -= 2;
    const parts = divide({ ...batch, images: unchanged }, imageIdsIn(reply.message ?? ''));
    log.line(
      `The job failed because of an image (${reply.code}) and left ${unchanged.length} unchanged: sending them again as ${parts[0].images.length} and ${parts[1].images.length}`,
    );
    await pool(parts, parts.length, (part) => this.#submit(part, 0));
  }

  async #send(batch: Batch, onDoubt: (inDoubt: boolean) => void): Promise<{ jobId: string; requestId: string | null }> {
    const { session } = this.#member;
    const { id } = await session.project;
    const { images, vault } = batch;
    return session.ims.updateMembers({ images, vault, project: id, status: this.#context.config.status }, onDoubt);
  }

  /** A refusal because of one image is divided until it concerns that image alone; any other one halts what it concerns. */
  async #refused(batch: Batch, failure: Failure, seen: number): Promise<void> {
    const { log } = this.#context;
    const problem = explainFailure(failure);
    if (isThrottled(failure) && this.#underWay.size > 0 && this.#progress !== seen) return this.#waitForTurn(batch);
    if (!concernsImage(failure, batch)) return this.#halt(batch, problem, failure.status === 401);
    if (batch.images.length === 1) return this.#refuse(batch, problem);
    const parts = divide(batch, imageIdsIn(failure.detail));
    log.line(
      `Refused because of an image (${failure.code ?? `HTTP ${failure.status}`}): dividing ${batch.images.length} into ${parts[0].images.length} and ${parts[1].images.length}`,
    );
    await pool(parts, parts.length, (part) => this.#submit(part, 0));
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return work.finally(() => this.#underWay.delete(work));
  }

  /**
   * The service's limit of tasks may be taken up by this run's own jobs: when one of them has ended, there may be room. Where nothing
   * has come of the last wait, it is others who keep the service busy, and this is given up.
   */
  async #waitForTurn(batch: Batch): Promise<void> {
    const seen = this.#progress;
    this.#context.log.line('Too many tasks at once: waiting for another one of this run to end');
    // How it ends is for whoever began it.
    await Promise.race(this.#underWay).catch(() => {});
    return this.#submit(batch, 0, seen);
  }

  /** @param dead the identity is no longer accepted, so that nothing can be read back with it either */
  #halt(batch: Batch, problem: Problem, dead: boolean): void {
    if (dead) this.#member.identityRefused = problem;
    if (batch.vault !== null && problem.code !== null && isAboutVault(problem.code)) this.#vaultRefused = problem;
    else this.#halted = problem;
    this.#context.record.problem(problem);
    this.#refuse(batch, problem);
  }

  #refuse(batch: Batch, problem: Problem): void {
    for (const image of batch.images) this.#member.note(image, { refusal: problem });
  }

  /** The answer was lost: what the members say decides what is sent again. */
  async #reconcile(batch: Batch, failure: Failure, resends: number): Promise<void> {
    const { config, log, clock, signal, record } = this.#context;
    record.request(failure.requestId);
    log.line(`No usable answer to the change (${failure.detail}): reading the members before anything is sent again`);
    const missing = await stillMissing(this.#context, this.#member, batch.images, DOUBT_PATIENCE);
    if (missing.length === 0) return;
    // Whatever redirects the change will redirect it again.
    if (resends >= config.retries || failure.type === 'redirected')
      return this.#refuse({ ...batch, images: missing }, explainFailure(failure));
    const delay = retryDelay(resends, failure.retryAfter, clock.random());
    await clock.sleep(delay, signal);
    log.line(`Sending again for ${plural(missing.length, 'image')} whose status has not changed`);
    await this.#submit({ ...batch, images: missing }, resends + 1);
  }
}

/** By its code; a refusal without one comes from a gateway or a wrong address, unless it names an image of the batch. */
function concernsImage({ code, detail }: Failure, { images }: Batch): boolean {
  if (code !== null) return isAboutImage(code);
  const named = imageIdsIn(detail);
  return images.some((image) => named.has(image));
}

/** A job without a word on any single image, with a code that blames one. */
function isBrokenByImage({ images }: Batch, { state, code, images: words }: JobReply): boolean {
  return images.length > 1 && state === 'failure' && words.size === 0 && code !== null && isAboutImage(code);
}
