/**
 * The run's record: everything that is found out is written here as it happens, so that the report is as complete as the run got,
 * whatever ended it.
 */

import { rightsCure } from '../cloud/error-codes/rights.ts';
import type { Project } from '../cloud/iam.ts';
import type { Session } from '../cloud/login/index.ts';
import type { Config } from '../config.ts';
import { factsOf, type ImageFacts } from '../decide/facts.ts';
import { type RunProgress, settle } from '../decide/settle.ts';
import { hasChanged, verdict } from '../decide/verdict.ts';
import type { Reader } from '../members/reader.ts';
import type { LeftOut, Problem, RunReport } from '../model.ts';
import { isProjectId } from '../values.ts';

/** One member project of the run. */
export class MemberProject {
  /** As written in `project`; empty for the token's own project. */
  readonly given: string;
  readonly region: string | null;
  readonly facts = new Map<string, ImageFacts>();
  /** Known as soon as it is certain what the credentials are scoped to. */
  project: Project | null = null;
  /** Why the service no longer accepts the identity, so that nothing can be read back with it either. */
  identityRefused: Problem | null = null;

  constructor(given: string, region: string | null, images: readonly string[]) {
    this.given = given;
    this.region = region;
    for (const image of images) this.facts.set(image, factsOf(image));
  }

  /** The project's ID as soon as it is known; one that was given counts. */
  get id(): string | null {
    return this.project?.id ?? (isProjectId(this.given) ? this.given : null);
  }

  /** What log lines call the project. */
  get label(): string {
    return this.project?.name ?? (this.given === '' ? (this.project?.id ?? "the credentials' project") : this.given);
  }

  /** known gives what is known of an image. */
  known(image: string): ImageFacts {
    return this.facts.get(image) ?? factsOf(image);
  }

  /** note adds to what is known of an image. */
  note(image: string, news: Partial<ImageFacts>): void {
    this.facts.set(image, { ...this.known(image), ...news });
  }

  /** with gives the images whose facts fulfil a condition, in input order. */
  with(condition: (facts: ImageFacts) => boolean): string[] {
    return [...this.facts.values()].filter(condition).map(({ image }) => image);
  }
}

/** OpenProject is a member project that the run has logged in to. */
export type OpenProject = MemberProject & { readonly session: Session; readonly reader: Reader };

/** RunRecord holds the whole run. */
export class RunRecord {
  readonly members: readonly MemberProject[];
  readonly leftOut: LeftOut[] = [];
  readonly jobIds: string[] = [];
  readonly requestIds: string[] = [];
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  readonly notes: string[];
  /** True until the first change may be sent. */
  blocked = true;
  stopped: RunProgress['stopped'] = null;
  /** What the run was waiting for when it reached its time limit. */
  timedOut: Problem | null = null;
  /** Host of IAM, as soon as it is known. */
  loginHost: string | null = null;
  jobWorkflowRef: string | null = null;
  readonly #config: Config;
  readonly startedAt: number;

  constructor(config: Config, members: readonly MemberProject[], startedAt: number) {
    this.#config = config;
    this.members = members;
    this.notes = [...config.notes];
    this.startedAt = startedAt;
  }

  /** problem records a reason that is not about one image, once. */
  problem(problem: Problem): void {
    if (!this.problems.some(({ cause }) => cause === problem.cause)) this.problems.push(problem);
    this.request(problem.requestId);
  }

  request(id: string | null): void {
    if (id !== null && !this.requestIds.includes(id)) this.requestIds.push(id);
  }

  /** report settles every image and gives the verdict. */
  report(endedAt: number): RunReport {
    const { status, mode, api, selection, trustedOwners, login } = this.#config;
    const { blocked, stopped } = this;
    const progress: RunProgress = { ...this.#config, readCure: rightsCure(api, 'read'), blocked, stopped };
    const results = this.members.flatMap(({ facts, id }) =>
      [...facts.values()].map((known) => settle(known, progress, id)),
    );
    for (const result of results) this.request(result.requestId);
    const outcome = verdict(results, progress);
    return {
      outcome,
      changed: this.members.some(({ facts }) => hasChanged([...facts.values()], progress)),
      status,
      mode,
      projects: this.members.map(({ given, id, project, region }) => ({
        given,
        id,
        name: project?.name ?? null,
        region,
      })),
      results,
      leftOut: this.leftOut,
      jobIds: this.jobIds,
      requestIds: this.requestIds,
      problems: outcome === 'timeout' && this.timedOut !== null ? [this.timedOut, ...this.problems] : this.problems,
      trustedOwners,
      manifests: selection.by === 'ids' ? selection.manifests : [],
      login: { ...login, host: this.loginHost },
      jobWorkflowRef: this.jobWorkflowRef,
      warnings: this.warnings,
      notes: this.notes,
      startedAt: this.startedAt,
      endedAt,
    };
  }
}
