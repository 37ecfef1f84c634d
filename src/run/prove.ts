/**
 * Prove: read the members back. The job's own word is not proof, either way.
 */

import { RunStopped } from '../deadline.ts';
import type { ImageFacts, Proof } from '../decide/facts.ts';
import { FAILED_PATIENCE, PROOF_PATIENCE, proofDelay } from '../decide/pace.ts';
import type { StatusReading } from '../members/evidence.ts';
import { explain } from './explain.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext, warn } from './run-context.ts';

const UNKNOWN: StatusReading = { known: false };

/**
 * prove reads the status of every image that a change was sent for, refused ones included. Members may lag behind the job, so those
 * that do not show the change are read again for some seconds, fewer where the job says that it has failed.
 */
export async function prove(context: RunContext, member: OpenProject): Promise<void> {
  const { config, clock, signal, log } = context;
  const begun = clock.now();
  let left = member.with(isUnproven);
  const count = left.length;
  try {
    while (left.length > 0) {
      const readings = await member.reader.statuses(left, config.status);
      const elapsed = clock.now() - begun;
      // A reading that may be behind the times is no proof, so it is noted only when it is the last one.
      const lagging = left.filter((image) => {
        const reading = readings.get(image) ?? UNKNOWN;
        return reading.known && reading.status !== config.status && elapsed < patienceWith(member.facts.get(image));
      });
      note(
        member,
        left.filter((image) => !lagging.includes(image)),
        readings,
      );
      left = lagging;
      if (left.length > 0) await clock.sleep(proofDelay(elapsed), signal);
    }
  } catch (error) {
    return unreadable(context, member, left, error);
  }
  const blind = member.with((facts) => wasTried(facts) && facts.proof?.state === 'forbidden').length;
  const readable = [...member.facts.values()].every(({ evidence }) => evidence?.known !== false);
  if (blind > 0 && readable)
    warn(
      context,
      `The identity may not read members in project ${member.label} (HTTP 403): the job's word is taken for ${plural(blind, 'image')}, unverified.`,
    );
  if (count > blind) {
    const lacking = member.with(
      (facts) => wasTried(facts) && facts.proof?.state === 'read' && facts.proof.status !== config.status,
    ).length;
    log.line(
      `Read ${plural(count - blind, 'member')} back in ${member.label}: ${lacking === 0 ? 'all' : `${count - blind - lacking} of ${count - blind}`} ${config.status}`,
    );
  }
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
  const { reader } = member;
  const begun = clock.now();
  let left = images;
  for (;;) {
    const readings = await reader.statuses(left, config.status);
    for (const [image, reading] of readings) {
      if (reading.known && reading.status === config.status)
        member.note(image, { proof: { state: 'read', status: reading.status } });
      if (!reading.known) member.note(image, { proof: { state: 'forbidden' } });
    }
    left = left.filter((image) => {
      const reading = readings.get(image);
      return reading?.known === true && reading.status !== config.status;
    });
    const elapsed = clock.now() - begun;
    if (left.length === 0 || elapsed >= patience) return left;
    await clock.sleep(proofDelay(elapsed), signal);
  }
}

/** proveOnce reads the members a last time, so that the report tells the truth about a run whose time was up. */
export async function proveOnce(context: RunContext, member: OpenProject): Promise<void> {
  const { status } = context.config;
  const open = member.with(
    (facts) => isUnproven(facts) || (wasTried(facts) && facts.proof?.state === 'read' && facts.proof.status !== status),
  );
  if (open.length === 0) return;
  try {
    note(member, open, await member.reader.statuses(open, status));
  } catch (error) {
    unreadable(context, member, open, error);
  }
}

/** A change was sent for the image, with an effect or without. */
function wasTried({ sent, refusal }: ImageFacts): boolean {
  return sent !== 'no' || refusal !== null;
}

/** A refused image whose proof has failed is one that nothing can be read of, because the identity has died. */
function isUnproven(facts: ImageFacts): boolean {
  const { sent, proof } = facts;
  return wasTried(facts) && proof?.state !== 'read' && !(sent === 'no' && proof?.state === 'failed');
}

/** How long a member may lag, in milliseconds; a refused change has been waited for already. */
function patienceWith(facts: ImageFacts | undefined): number {
  if (facts === undefined || facts.refusal !== null) return 0;
  return facts.job?.state === 'failure' ? FAILED_PATIENCE : PROOF_PATIENCE;
}

function unreadable({ record }: RunContext, member: MemberProject, images: readonly string[], error: unknown): void {
  if (error instanceof RunStopped) throw error;
  const problem = explain(error);
  record.problem(problem);
  for (const image of images) member.note(image, { proof: { state: 'failed', problem } });
}

function note(member: MemberProject, images: readonly string[], readings: ReadonlyMap<string, StatusReading>): void {
  for (const image of images) {
    const reading = readings.get(image) ?? UNKNOWN;
    const proof: Proof = reading.known ? { state: 'read', status: reading.status } : { state: 'forbidden' };
    member.note(image, { proof });
  }
}
