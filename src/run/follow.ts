/**
 * Wait: follow a job to its end. Where the job cannot be asked, the members are.
 */
import { availabilityOf } from '../cloud/availability.ts';
import { failureOf } from '../cloud/errors.ts';
import type { Ims, JobPath } from '../cloud/ims.ts';
import { jobResults } from '../decide/job-results.ts';
import { pollDelay } from '../decide/pace.ts';
import type { JobReply } from '../model.ts';
import { explainJobResult } from './explain.ts';
import { readBack } from './prove.ts';
import type { OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/** After so many polls in a row that brought no job, the members are read; if they are done, so is the job. */
const BLIND_POLLS = 3;
/** A job call that has failed so often, each time after its retries, is given up. */
const FAILED_POLLS = 3;

/** follow polls a job until it has ended and notes its word on each image. Gives its last answer; null where it could not be read. */
export async function follow(
  context: RunContext,
  member: OpenProject,
  images: readonly string[],
  jobId: string,
): Promise<JobReply | null> {
  const { config, clock, signal, log } = context;
  const { session } = member;
  const poller = new JobPoller(session.ims, (await session.project).id, jobId);
  const begun = clock.now();
  let polls = 0;
  for (;;) {
    await clock.sleep(pollDelay(clock.now() - begun, polls, clock.random(), config.pollInterval), signal);
    polls++;
    const reply = await poller.ask();
    if (reply !== null && reply.state !== 'running') {
      for (const [image, job] of jobResults(images, reply)) member.note(image, { job: explainJobResult(job) });
      const seconds = ((clock.now() - begun) / 1000).toFixed(1);
      log.line(
        `Job ${jobId} ended: ${reply.state}${reply.code === null ? '' : `, ${reply.code}`} (${polls} polls, ${seconds} s)`,
      );
      return reply;
    }
    if (poller.blind > 0 && poller.blind % BLIND_POLLS === 0 && (await allDone(context, member, images))) {
      log.line(`Job ${jobId} cannot be read, but every member has changed`);
      return null;
    }
    if (poller.failed >= FAILED_POLLS) {
      log.line(`Job ${jobId} cannot be read: going by the members`);
      return null;
    }
  }
}

/** JobPoller asks for one job at the place that knows it: older editions have one path, newer ones the other. */
class JobPoller {
  readonly #ims: Ims;
  readonly #project: string;
  readonly #jobId: string;
  #path: JobPath = 'project';
  /** How many answers in a row brought no job. */
  blind = 0;
  /** How many calls in a row failed. */
  failed = 0;

  constructor(ims: Ims, project: string, jobId: string) {
    this.#ims = ims;
    this.#project = project;
    this.#jobId = jobId;
  }

  /** Null where the job is not found (yet), may not be read, or the call failed. */
  async ask(): Promise<JobReply | null> {
    let answer = await this.#try(this.#path);
    if (answer === 'elsewhere') {
      this.#path = this.#path === 'project' ? 'cloudimages' : 'project';
      answer = await this.#try(this.#path);
    }
    const reply = typeof answer === 'string' ? null : answer;
    this.blind = reply === null ? this.blind + 1 : 0;
    this.failed = answer === 'failed' ? this.failed + 1 : 0;
    return reply;
  }

  async #try(path: JobPath): Promise<JobReply | 'elsewhere' | 'not-yet' | 'failed'> {
    try {
      return await this.#ims.getJob(this.#project, this.#jobId, path);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null || failure.status === 401) throw error;
      if (availabilityOf(error) !== null) return 'elsewhere';
      // IMG.0023: the job could not be looked up, which right after its submission means nothing.
      return failure.status === 400 ? 'not-yet' : 'failed';
    }
  }
}

async function allDone(context: RunContext, member: OpenProject, images: readonly string[]): Promise<boolean> {
  const readings = await readBack(context, member, images);
  return images.every((image) => readings.get(image)?.status === context.config.status);
}
