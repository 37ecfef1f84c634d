/**
 * Change: one queue of requests for all projects of the run, and the jobs that they lead to.
 */
import { Alarm } from '../clock.ts';
import { retryDelay } from '../cloud/backoff.ts';
import { RunStopped } from '../deadline.ts';
import type { Batch } from '../decide/batches.ts';
import * as load from '../decide/host-load.ts';
import type { SubmitOutcome } from '../decide/next-step.ts';
import type { Problem } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { plural } from '../values.ts';
import { JobFollower } from './follow.ts';
import { ProjectChange, type QueueTools } from './project-change.ts';
import type { OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/** change accepts or rejects all that is to be changed, and follows the jobs to their ends (unless `wait` is false). */
export function change(context: RunContext, opened: readonly OpenProject[]): Promise<void> {
  return new ChangeQueue(context, opened).run();
}

/** A batch that is to be sent. */
interface Queued {
  readonly project: ProjectChange;
  readonly batch: Batch;
  readonly notBefore: number;
}

class ChangeQueue {
  readonly #context: RunContext;
  readonly #projects: ReadonlyMap<OpenProject, ProjectChange>;
  #queue: readonly Queued[];
  /** By host: all projects share its limits. */
  readonly #loads = new Map<string, load.HostLoad>();
  readonly #follower: JobFollower;
  readonly #alarm: Alarm;
  readonly #underWay = new Set<Promise<void>>();
  #stopped: RunStopped | null = null;
  /** Why changes wait for their turn, if they do. */
  #busy: Problem | null = null;

  constructor(context: RunContext, opened: readonly OpenProject[]) {
    this.#context = context;
    this.#alarm = new Alarm(context.clock, context.signal);
    const start: QueueTools['start'] = (member, work) => this.#start(member, work);
    this.#follower = new JobFollower(context, { start, onEnd: (host) => this.#update(host, load.withoutJob) });
    const tools: QueueTools = {
      enqueue: (project, batches, notBefore) => {
        this.#queue = [...batches.map((batch) => ({ project, batch, notBefore })), ...this.#queue];
      },
      start,
      follow: (job) => this.#follower.follow(job),
    };
    this.#projects = new Map(opened.map((member) => [member, new ProjectChange(context, member, tools)]));
    this.#queue = [...this.#projects.values()].flatMap((project) =>
      project.batches().map((batch) => ({ project, batch, notBefore: 0 })),
    );
  }

  /** Sends and asks whatever is due, then waits until something has happened or is due. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const next = Math.min(this.#submitDue(), this.#follower.askDue(this.#queue.length));
        if (this.#stopped !== null) throw this.#stopped;
        if (this.#isDone()) return;
        await this.#alarm.wait(next);
      }
    } catch (error) {
      // The report of a time-out says what the run was waiting for.
      if (error instanceof RunStopped && this.#busy !== null && this.#queue.length > 0)
        error.cause ??= new ProblemError(this.#busy);
      await Promise.all(this.#underWay);
      throw error;
    } finally {
      for (const project of this.#projects.values()) project.tellRest();
    }
  }

  #isDone(): boolean {
    if (this.#queue.length > 0 || this.#underWay.size > 0) return false;
    // Without `wait`, jobs are followed only as long as a change waits for their ends.
    return !this.#context.config.wait || this.#follower.size === 0;
  }

  /** Runs work beside the queue. Its error concerns its project only, unless it is the end of the run. */
  #start(member: OpenProject, work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        if (error instanceof RunStopped) this.#stopped = error;
        else if (this.#projects.get(member)?.fail(error)) this.#follower.abandon(member);
      })
      .finally(() => {
        this.#underWay.delete(task);
        this.#alarm.ring();
      });
    this.#underWay.add(task);
  }

  #loadOf(host: string): load.HostLoad {
    return this.#loads.get(host) ?? load.IDLE;
  }

  #update(host: string, change: (known: load.HostLoad) => load.HostLoad): void {
    this.#loads.set(host, change(this.#loadOf(host)));
  }

  /** Sends what may be sent, and gives the time when more may be sent. */
  #submitDue(): number {
    const now = this.#context.clock.now();
    let next = Number.POSITIVE_INFINITY;
    const waiting: Queued[] = [];
    for (const queued of this.#queue) {
      const { project, batch, notBefore } = queued;
      if (project.refuseIfHalted(batch)) continue;
      const time = Math.max(load.sendableAt(this.#loadOf(project.host)), notBefore);
      if (time <= now) this.#start(project.member, () => this.#submit(project, batch));
      else {
        waiting.push(queued);
        next = Math.min(next, time);
      }
    }
    this.#queue = waiting;
    return next;
  }

  async #submit(project: ProjectChange, batch: Batch): Promise<void> {
    const { config, clock } = this.#context;
    const { host } = project;
    const sent = clock.now();
    this.#update(host, load.withRequest);
    let outcome: SubmitOutcome | null = null;
    try {
      outcome = await project.send(batch);
    } finally {
      const answer = outcome?.type ?? 'lost';
      this.#update(host, (known) => load.withAnswer(known, answer));
    }
    if (outcome.type === 'busy') this.#learn(host, outcome, sent);
    else if (outcome.type === 'taken' || outcome.type === 'done') this.#busy = null;
    project.goOn(batch, outcome, load.isStuck(this.#loadOf(host), config.retries));
  }

  #learn(host: string, { problem, retryAfter }: SubmitOutcome & { type: 'busy' }, sent: number): void {
    const { clock, log } = this.#context;
    const { busy } = this.#loadOf(host);
    const delay = retryDelay(busy, retryAfter, clock.random());
    const times = { sent, now: clock.now() };
    this.#update(host, (known) => load.whenBusy(known, times, delay, retryAfter !== null));
    this.#busy = problem;
    // The end of a job is what makes room.
    this.#follower.isAsking = true;
    const known = this.#loadOf(host);
    if (known.busy === busy) return;
    const why = problem.code ?? 'HTTP 429';
    const jobs = known.jobs === 0 ? '' : ` with ${plural(known.jobs, 'job')} of this run`;
    log.line(`The service is busy (${why})${jobs}: changes wait for their turn`);
  }
}
