/**
 * Wait: follow all jobs of the run to their ends, on one schedule. If a job cannot be read, the memberships are.
 */
import { availabilityOf } from '../cloud/availability.ts';
import { failureOf } from '../cloud/errors.ts';
import type { JobPath } from '../cloud/image-service.ts';
import { jobResults } from '../decide/job-results.ts';
import { dueJobs, releasedBy, type WaitingJob } from '../decide/job-turns.ts';
import { pollDelay } from '../decide/pace.ts';
import type { JobReply } from '../model.ts';
import { plural } from '../values.ts';
import { explainJobFailure } from './explain.ts';
import { readBack } from './prove.ts';
import type { OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/** After this many polls in a row that brought no job, the memberships are read; if all have changed, the job has ended. */
const BLIND_POLLS = 3;
/** After this many calls in a row that failed, each after its retries, a job is given up. */
const FAILED_POLLS = 3;
/** How often a run that waits writes a line to the log, in milliseconds. */
const PROGRESS_EVERY = 30_000;

/** A job that was submitted, and how to ask for it. */
export interface SubmittedJob {
  readonly id: string;
  readonly member: OpenProject;
  readonly images: readonly string[];
  readonly host: string;
  readonly withVault: boolean;
}

interface FollowedJob extends SubmittedJob, WaitingJob {
  readonly begun: number;
  turn: number;
  released: boolean;
  asking: boolean;
  polls: number;
  /** How many answers in a row brought no job. */
  blind: number;
  /** How many calls in a row failed. */
  failed: number;
}

/** What a follower needs from the queue that it works for. */
export interface FollowerTools {
  /** Starts work beside the queue, which handles its errors. */
  readonly start: (member: OpenProject, work: () => Promise<void>) => void;
  readonly onEnd: (host: string) => void;
}

export class JobFollower {
  readonly #context: RunContext;
  readonly #tools: FollowerTools;
  /** In the order of submission. */
  #jobs: FollowedJob[] = [];
  /** The path at which a project's jobs were found last: older editions have one, newer ones the other. */
  readonly #paths = new Map<OpenProject, JobPath>();
  #followed = 0;
  #polls = 0;
  #tellAt: number;
  /** False with `wait: false`, until a change has to wait for the end of a job. */
  isAsking: boolean;

  constructor(context: RunContext, tools: FollowerTools) {
    this.#context = context;
    this.#tools = tools;
    this.#tellAt = context.clock.now() + PROGRESS_EVERY;
    this.isAsking = context.config.wait;
  }

  get size(): number {
    return this.#jobs.length;
  }

  /** follow takes on a job. It is asked by `askDue`. */
  follow(submitted: SubmittedJob): void {
    const begun = this.#context.clock.now();
    const { host, withVault } = submitted;
    const fresh = { turn: begun, released: false, asking: false, polls: 0, blind: 0, failed: 0 };
    this.#jobs.push({ ...submitted, ...fresh, begun, group: `${host}${withVault ? ' with a vault' : ''}` });
    this.#followed++;
  }

  /**
   * askDue asks the jobs whose time has come, and gives the time when it wants to be called again.
   * @param waiting how many changes wait to be sent, for the line about the progress
   */
  askDue(waiting: number): number {
    const now = this.#context.clock.now();
    // Without `wait`, jobs are followed only while changes wait for their ends.
    const isOpen = waiting > 0 || (this.isAsking && this.#jobs.length > 0);
    if (isOpen && now >= this.#tellAt) this.#tell(now, waiting);
    const tellAt = isOpen ? this.#tellAt : Number.POSITIVE_INFINITY;
    if (!this.isAsking) return tellAt;
    const { due, next } = dueJobs(this.#jobs, now);
    for (const job of due) {
      job.asking = true;
      this.#tools.start(job.member, () => this.#ask(job));
    }
    return Math.min(next, tellAt);
  }

  /** abandon gives up the jobs of a project, whose identity is not accepted any more. */
  abandon(member: OpenProject): void {
    for (const job of this.#jobs) if (job.member === member) this.#remove(job);
  }

  async #ask(job: FollowedJob): Promise<void> {
    const { config, clock } = this.#context;
    const askedAt = clock.now();
    job.released = false;
    job.polls++;
    this.#polls++;
    try {
      if (await this.#hasEnded(job, await this.#query(job))) this.#end(job);
    } catch (error) {
      this.#remove(job);
      throw error;
    }
    job.turn = askedAt + pollDelay(askedAt - job.begun, job.polls, clock.random(), config.pollInterval);
    job.asking = false;
  }

  async #hasEnded(job: FollowedJob, reply: JobReply | null): Promise<boolean> {
    const { clock, log } = this.#context;
    const { id, member, images, polls } = job;
    if (reply !== null) {
      if (reply.state === 'running') return false;
      for (const [image, result] of jobResults(images, reply, explainJobFailure)) member.note(image, { job: result });
      const code = reply.code === null ? '' : `, ${reply.code}`;
      const seconds = ((clock.now() - job.begun) / 1000).toFixed(1);
      log.line(`Job ${id} ended: ${reply.state}${code} (${plural(polls, 'poll')}, ${seconds} s)`);
      return true;
    }
    if (job.failed >= FAILED_POLLS) {
      log.line(`Job ${id} cannot be read: going by the memberships`);
      return true;
    }
    if (job.blind % BLIND_POLLS !== 0 || !(await this.#allChanged(job))) return false;
    log.line(`Job ${id} cannot be read, but every membership has changed`);
    return true;
  }

  #end(job: FollowedJob): void {
    this.#remove(job);
    for (const other of releasedBy(job.group, this.#jobs)) other.released = true;
  }

  /** An answer may come after the project was given up. */
  #remove(job: FollowedJob): void {
    if (!this.#jobs.includes(job)) return;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    this.#tools.onEnd(job.host);
  }

  /** Null if the job is not found (yet), may not be read, or the call failed. */
  async #query(job: FollowedJob): Promise<JobReply | null> {
    const { service, project } = job.member.session;
    const path = this.#paths.get(job.member) ?? 'project';
    job.blind++;
    for (const at of [path, path === 'project' ? 'cloudimages' : 'project'] as const) {
      try {
        const reply = await service.getJob((await project).id, job.id, at);
        this.#paths.set(job.member, at);
        job.blind = 0;
        job.failed = 0;
        return reply;
      } catch (error) {
        const failure = failureOf(error);
        if (failure === null || failure.status === 401) throw error;
        if (availabilityOf(error) !== null) continue;
        // IMG.0023: the job could not be looked up, which means nothing right after its submission.
        job.failed = failure.status === 400 ? 0 : job.failed + 1;
        return null;
      }
    }
    job.failed = 0;
    return null;
  }

  async #allChanged({ member, images }: FollowedJob): Promise<boolean> {
    const readings = await readBack(this.#context, member, images);
    // A membership that only lags, or has not changed yet, is no reason to give the job up.
    for (const { failure, again } of readings.values()) if (failure !== null && !again) throw failure;
    return images.every((image) => readings.get(image)?.status === this.#context.config.status);
  }

  /** One line, however many jobs there are. */
  #tell(now: number, waiting: number): void {
    const { config, record, log } = this.#context;
    this.#tellAt = now + PROGRESS_EVERY;
    const [oldest] = this.isAsking ? this.#jobs : [];
    const jobs = this.#followed === 1 ? 'job' : `${this.#jobs.length} of ${this.#followed} jobs, the oldest of them`;
    const parts = [
      ...(oldest === undefined
        ? []
        : [`${jobs} ${oldest.id}, ${time(now - oldest.begun)}, ${plural(this.#polls, 'poll')}`]),
      ...(waiting === 0 ? [] : [`${plural(waiting, 'change')} to send`]),
      `${time(record.startedAt + config.timeout - now)} left`,
    ];
    log.line(`Still running: ${parts.join(', ')}`);
  }
}

/** Minutes from two minutes on, else seconds. */
function time(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds / 1000));
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}
