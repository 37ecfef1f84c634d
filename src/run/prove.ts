/**
 * Prove: read the members back. The job's own word is not proof, either way.
 */
import type { ImageFacts, Proof } from '../decide/facts.ts';
import { FAILED_PATIENCE, PROOF_PATIENCE, proofDelay } from '../decide/pace.ts';
import { type Member, opened } from './board.ts';
import { type Crew, plural, warn } from './crew.ts';
import { explain } from './explain.ts';
import type { StatusReading } from './reader.ts';
import { Stop } from './stop.ts';

const UNKNOWN: StatusReading = { known: false };

/**
 * prove reads the status of every image that a change was sent for. Members may lag behind the job, so those that do not show the
 * change are read again for some seconds, fewer where the job says that it has failed.
 */
export async function prove(crew: Crew, member: Member): Promise<void> {
  const { config, clock, signal, log } = crew;
  const begun = clock.now();
  let left = member.with(({ sent, proof }) => sent !== 'no' && proof?.state !== 'read');
  const count = left.length;
  try {
    while (left.length > 0) {
      const readings = await opened(member).reader.statuses(left, config.status);
      const elapsed = clock.now() - begun;
      // A reading that may be behind the times is no proof, so it is noted only when it is the last one.
      const lagging = left.filter((image) => {
        const reading = readings.get(image) ?? UNKNOWN;
        return reading.known && reading.status !== config.status && elapsed < patience(member.facts.get(image));
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
    return unreadable(crew, member, left, error);
  }
  const blind = member.with(({ sent, proof }) => sent !== 'no' && proof?.state === 'forbidden').length;
  const readable = [...member.facts.values()].every(({ sight }) => sight?.known !== false);
  if (blind > 0 && readable)
    warn(
      crew,
      `The identity may not read members in project ${member.label} (HTTP 403): the job's word is taken for ${plural(blind, 'image')}, unverified.`,
    );
  if (count > blind) {
    const lacking = member.with(
      ({ sent, proof }) => sent !== 'no' && proof?.state === 'read' && proof.status !== config.status,
    ).length;
    log.line(
      `Read ${plural(count - blind, 'member')} back in ${member.label}: ${lacking === 0 ? 'all' : `${count - blind - lacking} of ${count - blind}`} ${config.status}`,
    );
  }
}

/** proveOnce reads the members a last time, so that the report tells the truth about a run whose time was up. */
export async function proveOnce(crew: Crew, member: Member): Promise<void> {
  const { status } = crew.config;
  const open = member.with(({ sent, proof }) => sent !== 'no' && !(proof?.state === 'read' && proof.status === status));
  if (open.length === 0) return;
  try {
    note(member, open, await opened(member).reader.statuses(open, status));
  } catch (error) {
    unreadable(crew, member, open, error);
  }
}

/** How long a member may lag, in milliseconds; a refused change has been waited for already. */
function patience(facts: ImageFacts | undefined): number {
  if (facts === undefined || facts.refusal !== null) return 0;
  return facts.job?.state === 'failure' ? FAILED_PATIENCE : PROOF_PATIENCE;
}

function unreadable({ board }: Crew, member: Member, images: readonly string[], error: unknown): void {
  if (error instanceof Stop) throw error;
  const problem = explain(error);
  board.problem(problem);
  for (const image of images) member.note(image, { proof: { state: 'failed', problem } });
}

function note(member: Member, images: readonly string[], readings: ReadonlyMap<string, StatusReading>): void {
  for (const image of images) {
    const reading = readings.get(image) ?? UNKNOWN;
    const proof: Proof = reading.known ? { state: 'read', status: reading.status } : { state: 'forbidden' };
    member.note(image, { proof });
  }
}
