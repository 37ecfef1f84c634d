/**
 * Prove: read the members back. Job status is never treated as proof.
 */
import { RunStopped } from '../deadline.ts';
import type { ImageFacts } from '../decide/facts.ts';
import { proofDelay } from '../decide/pace.ts';
import {
  isProven,
  isToProve,
  jobAgrees,
  jobDisputes,
  lastPatienceWith,
  patienceWith,
  wasTried,
} from '../decide/readback.ts';
import type { MemberReading } from '../members/reader.ts';
import type { Problem } from '../model.ts';
import { plural } from '../values.ts';
import { explain } from './explain.ts';
import type { OpenProject } from './record.ts';
import { type RunContext, unprovenBasis, warn } from './run-context.ts';

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
 * proveOnce reads the members a last time, so that the report is accurate about a run whose time was up. Members whose job has not
 * ended show how far it has come.
 */
export async function proveOnce(context: RunContext, member: OpenProject): Promise<void> {
  const { status } = context.config;
  if (member.identityRefused !== null) return;
  const doubtful = member.with((facts) => facts.proof?.state === 'read' && !isProven(facts, status));
  const open = [...new Set([...unproven(member), ...doubtful])];
  member.reader.sources.reopen();
  if (!(await readPatiently(context, member, open, lastPatienceWith))) return;
  // A job that ends during the reading shows in some members only: the others are read once more.
  const lacking = open.filter((image) => !isProven(member.known(image), status));
  if (lacking.length > 0 && lacking.length < open.length) await readPatiently(context, member, lacking, () => 0);
}

function unproven(member: OpenProject): string[] {
  return member.with((facts) => isToProve(facts, member.identityRefused !== null));
}

/**
 * readPatiently reads members until they show the target or the patience with them is at its end, and notes what is proven. A reading
 * that may be behind the times is no proof, so it is noted only if it is the last one.
 * @param patience milliseconds that a member may lag
 * @returns false if the reading of an image failed
 */
async function readPatiently(
  context: RunContext,
  member: OpenProject,
  images: readonly string[],
  patience: (facts: ImageFacts) => number,
): Promise<boolean> {
  const { config, record } = context;
  const open = new Set(images);
  try {
    await readWhile(context, member, open, Number.POSITIVE_INFINITY, (image, reading, elapsed) => {
      const mayChange = reading.known ? reading.status !== config.status : reading.again;
      return mayChange && elapsed < patience(member.known(image));
    });
  } catch (error) {
    if (error instanceof RunStopped) throw error;
    const problem = explain(error);
    for (const image of open) member.note(image, { proof: { state: 'failed', problem } });
  }
  const problems = images.flatMap((image) => failureOfProof(member.known(image)) ?? []);
  for (const problem of problems) record.problem(problem);
  return problems.length === 0;
}

function failureOfProof({ proof }: ImageFacts): Problem | null {
  return proof?.state === 'failed' ? proof.problem : null;
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
): Promise<ReadonlySet<string>> {
  const open = new Set(images);
  const { status } = context.config;
  await readWhile(context, member, open, patience, (_, reading) => reading.known && reading.status !== status);
  return open;
}

/**
 * Reads members again as long as they lag, but not beyond a time, and notes what the others prove.
 * @param open loses the images that do not lag
 */
async function readWhile(
  context: RunContext,
  member: OpenProject,
  open: Set<string>,
  limit: number,
  lags: (image: string, reading: MemberReading, elapsed: number) => boolean,
): Promise<void> {
  const { clock, signal } = context;
  const begun = clock.now();
  while (open.size > 0) {
    const readings = await readBack(context, member, [...open]);
    const elapsed = clock.now() - begun;
    for (const [image, reading] of readings) {
      if (lags(image, reading, elapsed)) continue;
      member.note(image, { proof: proofOf(reading) });
      open.delete(image);
    }
    if (open.size === 0 || elapsed >= limit) return;
    await clock.sleep(proofDelay(elapsed), signal);
  }
}

function proofOf({ known, status, failure }: MemberReading): ImageFacts['proof'] {
  if (known) return { state: 'read', status };
  return failure === null ? { state: 'forbidden' } : { state: 'failed', problem: explain(failure) };
}

function summarize(context: RunContext, member: OpenProject, count: number): void {
  const { config, log } = context;
  const facts = [...member.facts.values()];
  const blind = facts.filter((one) => wasTried(one) && one.proof?.state === 'forbidden').length;
  if (blind > 0 && facts.every(({ evidence }) => evidence?.known !== false)) {
    const effect = config.requireProof
      ? 'It counts as unknown, because `require-proof` is true.'
      : `Only ${unprovenBasis(config)} was available.`;
    const what = `The status of ${plural(blind, 'image')} in project ${member.label}`;
    warn(context, `${what} could not be read back, so it is not verified. ${effect}`);
  }
  const read = count - blind;
  if (read <= 0) return;
  const lacking = facts.filter((one) => one.proof?.state === 'read' && !isProven(one, config.status)).length;
  const having = lacking === 0 ? 'all' : `${read - lacking} of ${read}`;
  log.line(`Read ${plural(read, 'member')} back in ${member.label}: ${having} ${config.status}`);
}

/** readBack reads what became of images; lists count only for those whose job agrees with them. */
export function readBack(
  { config }: RunContext,
  member: OpenProject,
  images: readonly string[],
): Promise<ReadonlyMap<string, MemberReading>> {
  return member.reader.statuses(images, {
    target: config.status,
    before: [...new Set(images.map((image) => member.known(image).evidence?.status ?? 'pending'))],
    agrees: (image) => jobAgrees(member.known(image)),
    disputes: (image) => jobDisputes(member.known(image)),
  });
}
