/**
 * The mock cloud as a process of its own, so that its work is not counted for what is measured.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CloudOptions, JobBehaviour, RecordedRequest } from '../mock-cloud/index.ts';
import type { Scenario, Seeded } from '../mock-cloud/scenario.ts';

const SERVE = join(import.meta.dirname, '../mock-cloud/serve.ts');
const OWNER = 'eu-de_producer';
const CONSUMERS = 'consumers';

export interface JobRecord {
  readonly project: string;
  readonly beganAt: number;
  readonly endsAt: number;
  /** When a poll was first told of the end. */
  readonly toldAt: number | null;
  readonly polls: number;
}

/** One stage is set for each run: projects, a user and a token of their own, so that no run sees what another one left. */
export interface Stage {
  readonly projects: readonly string[];
  readonly images: readonly string[];
  /** What the names of the images begin with. */
  readonly name: string;
  /** Project ID of the images' owner. */
  readonly owner: string;
  readonly token: string;
  readonly user: string;
  readonly password: string;
  readonly domain: string;
}

export interface StageOptions {
  readonly images?: number;
  readonly projects?: number;
  readonly status?: 'pending' | 'accepted';
  /** How the jobs behave: all alike, or group by group of the images in their order. */
  readonly job?: JobBehaviour | readonly JobBehaviour[];
}

interface Urls {
  readonly iamUrl: string;
  readonly imsUrl: string;
  readonly controlUrl: string;
}

export class CloudProcess {
  readonly #child: ChildProcess;
  readonly #control: string;
  readonly #owner: string;
  readonly iamUrl: string;
  readonly imsUrl: string;
  #stages = 0;

  private constructor(child: ChildProcess, urls: Urls & Seeded) {
    this.#owner = urls.projects[OWNER] ?? '';
    this.#child = child;
    this.#control = urls.controlUrl;
    this.iamUrl = urls.iamUrl;
    this.imsUrl = urls.imsUrl;
  }

  static async start(options: CloudOptions = {}): Promise<CloudProcess> {
    const child = spawn(process.execPath, [SERVE, '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const producers = 'producers';
    const scenario: Scenario = {
      options,
      domains: [{ name: CONSUMERS }, { name: producers }],
      projects: [{ name: OWNER, domain: producers }],
    };
    child.stdin.end(JSON.stringify(scenario));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new CloudProcess(child, JSON.parse(line) as Urls & Seeded);
  }

  /** set seeds what one run needs. */
  async set({ images = 1, projects = 1, status = 'pending', job }: StageOptions = {}): Promise<Stage> {
    const stage = ++this.#stages;
    const names = Array.from({ length: projects }, (_, index) => `eu-de_stage-${stage}-${index}`);
    const user = `user-${stage}`;
    const name = `golden-${stage}-`;
    const groups = job === undefined ? [null] : [job].flat();
    const seeded = await this.#call<Seeded>('POST /_seed', {
      projects: names.map((name) => ({ name, domain: CONSUMERS })),
      users: [{ name: user, domain: CONSUMERS, projects: names }],
      images: groups.map((behaviour) => ({
        name,
        owner: OWNER,
        count: images / groups.length,
        shares: Object.fromEntries(names.map((project) => [project, status])),
        ...(behaviour === null ? {} : { job: behaviour }),
      })),
      tokens: [{ name: 'token', user, project: names[0] ?? null }],
    } satisfies Scenario);
    return {
      projects: names.map((name) => seeded.projects[name] ?? ''),
      images: seeded.images,
      name,
      owner: this.#owner,
      token: seeded.tokens['token'] ?? '',
      user,
      password: seeded.passwords[user] ?? '',
      domain: CONSUMERS,
    };
  }

  /** forget drops the records of earlier runs. */
  async forget(): Promise<void> {
    await this.#call('POST /_new-run');
  }

  requests(): Promise<readonly RecordedRequest[]> {
    return this.#call('GET /_requests');
  }

  async state(): Promise<{ readonly violations: readonly string[]; readonly jobs: readonly JobRecord[] }> {
    return this.#call('GET /_state');
  }

  /** close stops the cloud. Throws if a client has broken the protocol. */
  async close(): Promise<void> {
    const { violations } = await this.state();
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
    if (violations.length > 0) throw new Error(`protocol violations: ${violations.slice(0, 5).join('; ')}`);
  }

  async #call<T>(action: string, body: unknown = {}): Promise<T> {
    const [method = '', path = ''] = action.split(' ');
    const answer = await fetch(this.#control + path, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${action}: HTTP ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** Wire is what a run has put on the wire. */
export interface Wire {
  readonly requests: number;
  readonly connections: number;
  /** The longest chain of requests of which each began after the one before it was answered. */
  readonly serial: number;
  /** Polls of jobs, the first one of each job left out. */
  readonly morePolls: number;
}

/** wireOf counts the records of one run. */
export function wireOf(requests: readonly RecordedRequest[]): Wire {
  const jobs = requests.filter(({ path }) => path.includes('/job'));
  return {
    requests: requests.length,
    connections: new Set(requests.map(({ server, connection }) => `${server} ${connection}`)).size,
    serial: serialOf(requests),
    morePolls: jobs.length - new Set(jobs.map(({ path }) => path)).size,
  };
}

/** serialOf is the length of the longest chain of requests that do not overlap. */
export function serialOf(requests: readonly Pick<RecordedRequest, 'at' | 'answeredAt'>[]): number {
  const done: { readonly answeredAt: number; readonly length: number }[] = [];
  let longest = 0;
  for (const { at, answeredAt } of requests.toSorted((a, b) => a.at - b.at)) {
    const before = done.filter((one) => one.answeredAt <= at).map((one) => one.length);
    const length = 1 + Math.max(0, ...before);
    longest = Math.max(longest, length);
    done.push({ answeredAt: answeredAt ?? Number.POSITIVE_INFINITY, length });
  }
  return longest;
}
