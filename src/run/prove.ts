/**
 * Prove: read the members back. Job status is never treated as proof.
 */

import { RunStopped } from '../deadline.ts';
import type { ImageFacts, Proof } from '../decide/facts.ts';
import { DOUBT_PATIENCE, PROOF_PATIENCE, proofDelay } from '../decide/pace.ts';
import type { StatusReading } from '../members/evidence.ts';
import type { TargetStatus } from '../model.ts';
import { explain } from './explain.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext, unprovenBasis, warn } from './run-context.ts';

/**
 * prove reads the status of every image that a change was sent for, refused ones included. Members may lag behind the job, so those
 * that do not show the change are read again for some seconds.
 */
export async function prove(context: RunContext, member: OpenProject): Promise<void> {
  const open = unproven(member);
  // Rights may depend on the membership that was just changed.
  member.reader.sources.reopen();
  if (await readPatiently(context, member, open, patienceWith)) summarize(context, member, open.length);
}

/**
 * readPatiently reads members until they show the target or the patience with them is at its end, and notes what is proven.
 * @param patience milliseconds that a member may lag
 * @returns false if the reading failed
 */
async function readPatiently(
  context: RunContext,
  member: OpenProject,
  images: readonly string[],
  patience: (facts: ImageFacts | undefined) => number,
): Promise<boolean> {
  const { config, clock, signal } = context;
  const begun = clock.now();
  let left = images;
  try {
    while (left.length > 0) {
      const readings = await readBack(context, member, left);
      const elapsed = clock.now() - begun;
      // A reading that may be behind the times is no proof, so it is noted only if it is the last one.
      const lagging = left.filter((image) => {
        const reading = readings.get(image);
        const mayChange = reading?.known === true ? reading.status !== config.status : reading?.again === true;
        return mayChange && elapsed < patience(member.facts.get(image));
      });
      note(
        member,
        left.filter((image) => !lagging.includes(image)),
        readings,
      );
      left = lagging;
      if (left.length > 0) await clock.sleep(proofDelay(elapsed), signal);
    }
    return true;
  } catch (error) {
    unreadable(context, member, left, error);
    return false;
  }
}

function summarize(context: RunContext, member: OpenProject, count: number): void {
  const { config, log } = context;
  const tried = [...member.facts.values()].filter(wasTried);
  const blind = tried.filter(({ proof }) => proof?.state === 'forbidden').length;
  const wasReadable = [...member.facts.values()].every(({ evidence }) => evidence?.known !== false);
  if (blind > 0 && wasReadable)
    warn(
      context,
      `The status of ${plural(blind, 'image')} in project ${member.label} could not be read back, so it is not verified. ${
        config.requireProof
          ? 'It counts as unknown, because `require-proof` is true.'
          : `Only ${unprovenBasis(config)} was available.`
      }`,
    );
  if (count <= blind) return;
  const read = count - blind;
  const lacking = tried.filter(({ proof }) => proof?.state === 'read' && proof.status !== config.status).length;
  log.line(
    `Read ${plural(read, 'member')} back in ${member.label}: ${lacking === 0 ? 'all' : `${read - lacking} of ${read}`} ${config.status}`,
  );
}

/** readBack reads what became of images; lists count only for those whose job agrees with them. */
export function readBack(
  { config }: RunContext,
  member: OpenProject,
  images: readonly string[],
): Promise<ReadonlyMap<string, StatusReading>> {
  const facts = (image: string) => member.facts.get(image);
  const before = images.map((image) => facts(image)?.evidence?.status ?? 'pending');
  return member.reader.statuses(images, {
    target: config.status,
    before: [...new Set(before)],
    agrees: (image) => ['success', 'silent'].includes(facts(image)?.job?.state ?? ''),
    disputes: (image) => ['failure', 'running'].includes(facts(image)?.job?.state ?? ''),
  });
}

/**
 * stillMissing reads members for some time, notes what is proven, and gives the images that certainly do not have the status.
 * @param patience milliseconds that a change is given to show
 */
export async function stillMissing(
  context: RunContext,
  member: OpenProject,
  images: readonly string[],
  patience: number,
): Promise<readonly string[]> {
  const { config, clock, signal } = context;
  const begun = clock.now();
  let left = images;
  for (;;) {
    const readings = await readBack(context, member, left);
    const isMissing = (image: string) => {
      const reading = readings.get(image);
      return reading?.known === true && reading.status !== config.status;
    };
    note(
      member,
      left.filter((image) => !isMissing(image)),
      readings,
    );
    left = left.filter(isMissing);
    const elapsed = clock.now() - begun;
    if (left.length === 0 || elapsed >= patience) return left;
    await clock.sleep(proofDelay(elapsed), signal);
  }
}

/**
 * proveOnce reads the members a last time, so that the report is accurate about a run whose time was up. Only members whose job has
 * ended may lag behind it; the others show how far it has come.
 */
export async function proveOnce(context: RunContext, member: OpenProject): Promise<void> {
  const { status } = context.config;
  if (member.identityRefused !== null) return;
  const doubtful = member.with((facts) => facts.proof?.state === 'read' && !hasTarget(facts, status));
  const open = [...new Set([...unproven(member), ...doubtful])];
  member.reader.sources.reopen();
  const patience = (facts: ImageFacts | undefined) => (hasEnded(facts) ? patienceWith(facts) : 0);
  if (!(await readPatiently(context, member, open, patience))) return;
  // A job that ends during the reading shows in some members only: the others are read once more.
  const lacking = open.filter((image) => !hasTarget(member.facts.get(image), status));
  if (lacking.length > 0 && lacking.length < open.length) await readPatiently(context, member, lacking, () => 0);
}

function hasEnded(facts: ImageFacts | undefined): boolean {
  return facts?.job !== undefined && facts.job !== null && facts.job.state !== 'running';
}

function hasTarget(facts: ImageFacts | undefined, target: TargetStatus): boolean {
  return facts?.proof?.state === 'read' && facts.proof.status === target;
}

/** A change was sent for the image, with an effect or without. */
function wasTried({ sent, refusal }: ImageFacts): boolean {
  return sent !== 'no' || refusal !== null;
}

/** Once the service has refused the identity, only what was sent before is worth a reading; it will say why there is none. */
function unproven(member: MemberProject): string[] {
  const isReadable = ({ sent }: ImageFacts) => member.identityRefused === null || sent !== 'no';
  return member.with((facts) => wasTried(facts) && facts.proof?.state !== 'read' && isReadable(facts));
}

/** How long a member may lag, in milliseconds; a refused change has been waited for already. */
function patienceWith(facts: ImageFacts | undefined): number {
  if (facts === undefined || facts.refusal !== null) return 0;
  return facts.job?.state === 'failure' ? DOUBT_PATIENCE : PROOF_PATIENCE;
}

function unreadable({ record }: RunContext, member: MemberProject, images: readonly string[], error: unknown): void {
  if (error instanceof RunStopped) throw error;
  const problem = explain(error);
  record.problem(problem);
  for (const image of images) member.note(image, { proof: { state: 'failed', problem } });
}

function note(member: MemberProject, images: readonly string[], readings: ReadonlyMap<string, StatusReading>): void {
  for (const image of images) {
    const reading = readings.get(image);
    const proof: Proof = reading?.known === true ? { state: 'read', status: reading.status } : { state: 'forbidden' };
    member.note(image, { proof });
  }
}
