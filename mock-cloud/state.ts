/**
 * The cloud's state, and what follows from it with time: shares that arrive late, jobs that end, what readers see when.
 * Nothing runs on timers; `settle()` brings the state up to the present whenever someone looks.
 */
import { trueNow } from './clock.ts';
import type { Job, JobBehaviour } from './job-types.ts';
import { type CloudOptions, type Settings, settingsOf } from './options.ts';
import { Random } from './random.ts';
import type {
  AccessKey,
  Agency,
  ApplicationCredential,
  Denial,
  Domain,
  IdentityProvider,
  Image,
  Member,
  Project,
  RecordedRequest,
  Status,
  Token,
  User,
  Vault,
} from './types.ts';

/** A membership from a time on; `null`: not shared any more. */
export interface Truth {
  readonly at: number;
  readonly image: string;
  readonly project: string;
  readonly status: Status | null;
}

export class State {
  readonly settings: Settings;
  readonly random: Random;
  readonly domains = new Map<string, Domain>();
  readonly projects = new Map<string, Project>();
  readonly users = new Map<string, User>();
  readonly keys = new Map<string, AccessKey>();
  readonly credentials = new Map<string, ApplicationCredential>();
  readonly tokens = new Map<string, Token>();
  readonly agencies: Agency[] = [];
  readonly identityProviders = new Map<string, IdentityProvider>();
  readonly images = new Map<string, Image>();
  readonly vaults = new Map<string, Vault>();
  readonly jobs = new Map<string, Job>();
  /** Every membership that began, changed or ended, and when, whatever readers see of it. */
  readonly truth: Truth[] = [];
  readonly denials: Denial[] = [];
  readonly requests: RecordedRequest[] = [];
  readonly violations: string[] = [];
  /** Behaviours for the coming jobs, first in first out. */
  readonly nextJobs: JobBehaviour[] = [];
  /** Projects that an update was sent for: their reads are proofs from then on. */
  readonly updated = new Set<string>();
  /** Image requests with a token until all tokens die; `null`: they live their time. */
  tokensDieAfter: number | null = null;
  imsUrl = '';
  iamUrl = '';

  readonly #late: { readonly at: number; readonly image: Image; readonly project: string }[] = [];
  readonly #changes = new Map<string, number>();

  constructor(options: CloudOptions) {
    this.settings = settingsOf(options);
    this.random = new Random(options.seed ?? 1);
  }

  /** now is the cloud's own time, skew included. */
  now(): number {
    return trueNow() + this.settings.clockSkewMs;
  }

  violate(sentence: string): void {
    this.violations.push(sentence);
  }

  /** share makes a project a member, or sets its status as the owner's console would; not an effective change. */
  share(image: Image, project: string, status: Status): void {
    const now = this.now();
    this.truth.push({ at: now, image: image.id, project, status });
    const known = image.members.get(project);
    const entry = { status, memberAt: now, listAt: now };
    if (known === undefined) {
      image.members.set(project, { project, status, createdAt: now, updatedAt: now, history: [entry] });
      return;
    }
    known.status = status;
    known.updatedAt = now;
    known.history.push(entry);
  }

  unshare(image: Image, project: string): void {
    this.truth.push({ at: this.now(), image: image.id, project, status: null });
    image.members.delete(project);
  }

  shareLater(image: Image, project: string, delayMs: number): void {
    this.#late.push({ at: this.now() + delayMs, image, project });
  }

  /** change sets a member's status by an update; answers whether that changed anything. */
  change(image: Image, member: Member, status: Status, at: number, lag: JobBehaviour): boolean {
    if (member.status === status) return false;
    this.truth.push({ at, image: image.id, project: member.project, status });
    member.status = status;
    member.updatedAt = at;
    member.history.push({ status, memberAt: at + (lag.memberLagMs ?? 0), listAt: at + (lag.listLagMs ?? 0) });
    const key = `${image.id} ${member.project}`;
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1);
    return true;
  }

  effectiveChanges(image: string, project: string): number {
    this.settle();
    return this.#changes.get(`${image} ${project}`) ?? 0;
  }

  /** settle lets everything happen whose time has come. */
  settle(): void {
    const now = this.now();
    for (let at = this.#late.length - 1; at >= 0; at--) {
      const late = this.#late[at];
      if (late === undefined || late.at > now) continue;
      this.#late.splice(at, 1);
      if (this.images.has(late.image.id)) this.share(late.image, late.project, 'pending');
    }
    for (const job of this.jobs.values()) if (!job.settled && job.endsAt <= now) this.#end(job);
  }

  #end(job: Job): void {
    job.settled = true;
    const good: [Image, Member][] = [];
    for (const item of job.items) {
      const image = this.images.get(item.image);
      const member = image?.members.get(job.project);
      if (image === undefined || member === undefined) {
        item.failure = { code: 'IMG.0121', message: 'The object was not found.' };
        continue;
      }
      const fails = failsIn(image, 'job', job.status);
      if (fails !== null)
        item.failure = { code: fails.code, message: fails.message ?? 'The member could not be updated.' };
      else good.push([image, member]);
    }
    const { word } = job.behaviour;
    if (word === 'lie-success' || (word === 'all-or-nothing' && good.length < job.items.length)) return;
    for (const [image, member] of good) this.change(image, member, job.status, job.endsAt, job.behaviour);
  }

  /** seen is the status that a reader learns now, by the member call or the lists. */
  seen(member: Member, by: 'memberAt' | 'listAt'): Status {
    const now = this.now();
    let status = member.history[0]?.status ?? member.status;
    for (const entry of member.history) if (entry[by] <= now) status = entry.status;
    return status;
  }
}

/** failsIn says whether an image fails at this point, and uses up one of its failures. */
export function failsIn(image: Image, point: 'request' | 'job', status: 'accepted' | 'rejected'): Image['fails'] {
  const fails = image.fails;
  if (fails === null || (fails.in ?? 'job') !== point) return null;
  if (fails.when !== undefined && fails.when !== status) return null;
  if (fails.times === undefined) return fails;
  if (fails.times <= 0) return null;
  fails.times -= 1;
  return fails;
}
