/**
 * The YAML that the documentation shows, and how pieces of it become a workflow that can be run.
 */
import { parse, stringify } from 'yaml';

export interface Snippet {
  /** The nearest heading above it. */
  readonly heading: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly [key: string]: unknown;
}

export interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly [key: string]: unknown;
}

export type Jobs = Readonly<Record<string, Job>>;

/** What a snippet shows: whole jobs, some steps of a job, or something else such as single inputs. */
export type Shown = { readonly jobs: Jobs } | { readonly steps: readonly Step[] } | { readonly other: unknown };

/** snippetsIn finds the blocks fenced as yaml, those inside lists included. */
export function snippetsIn(markdown: string): Snippet[] {
  const found: Snippet[] = [];
  let heading = '';
  let open: {
    readonly indent: number;
    readonly yaml: boolean;
    readonly line: number;
    readonly lines: string[];
  } | null = null;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^( *)```(\w*)/.exec(text);
    if (open !== null && fence === null) {
      open.lines.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)));
    } else if (open !== null) {
      if (open.yaml) found.push({ heading, line: open.line, text: `${open.lines.join('\n')}\n` });
      open = null;
    } else if (fence !== null) {
      const [, indent = '', language = ''] = fence;
      open = { indent: indent.length, yaml: /^ya?ml$/.test(language), line: index + 1, lines: [] };
    } else {
      heading = /^#+ (.*)/.exec(text)?.[1]?.trim() ?? heading;
    }
  }
  return found;
}

/** shownBy parses a snippet. Jobs are recognised also without the key `jobs` above them. */
export function shownBy({ text, heading, line }: Snippet): Shown {
  const value = parsed(text, `line ${line}, under "${heading}"`);
  if (Array.isArray(value)) return { steps: value as Step[] };
  if (!isRecord(value)) return { other: value };
  if (isRecord(value['jobs'])) return { jobs: withoutPlaceholders(value['jobs']) };
  const jobs = Object.values(value).every(
    (job) =>
      isRecord(job) && ('steps' in job || 'runs-on' in job || 'needs' in job || /\.ya?ml@/.test(String(job['uses']))),
  );
  return jobs ? { jobs: value as Jobs } : { other: value };
}

/** jobsUnder gives all jobs that the snippets under a heading show. */
export function jobsUnder(snippets: readonly Snippet[], heading: string): Jobs {
  const shown = under(snippets, heading).map(shownBy);
  const jobs = Object.assign({}, ...shown.map((one) => ('jobs' in one ? one.jobs : {}))) as Jobs;
  if (Object.keys(jobs).length === 0) throw new Error(`no snippet under "${heading}" shows a job`);
  return jobs;
}

/** stepsUnder gives the steps of each snippet under a heading that shows steps only. */
export function stepsUnder(snippets: readonly Snippet[], heading: string): (readonly Step[])[] {
  const steps = under(snippets, heading).map(shownBy);
  return steps.flatMap((one) => ('steps' in one ? [one.steps] : []));
}

function under(snippets: readonly Snippet[], heading: string): Snippet[] {
  const found = snippets.filter((snippet) => snippet.heading === heading);
  if (found.length > 0) return found;
  const headings = [...new Set(snippets.map((snippet) => `"${snippet.heading}"`))];
  throw new Error(`no yaml under the heading "${heading}"; there is some under ${headings.join(', ')}`);
}

/** usesAction tells whether a step uses this action, released or checked out. */
export function usesAction({ uses }: Step): boolean {
  return /ims-members-action(@|$)/.test(uses ?? '');
}

/** workflowOf makes a workflow of jobs. A job that is shown without its steps gets one that leaves a line in the summary. */
export function workflowOf(jobs: Jobs): string {
  const complete = Object.entries(jobs).map(([id, job]) => {
    const ran = [{ run: `echo "${id} ran" >> "$GITHUB_STEP_SUMMARY"` }];
    return [id, job.steps === undefined && job.uses === undefined ? { ...job, steps: ran } : job];
  });
  return stringify({ on: 'workflow_dispatch', permissions: {}, jobs: Object.fromEntries(complete) });
}

/** withInputs gives the steps with further inputs for the action; an input that a step has itself stays. */
export function withInputs(steps: readonly Step[], inputs: Record<string, unknown>): Step[] {
  return steps.map((step) => (usesAction(step) ? { ...step, with: { ...inputs, ...step.with } } : step));
}

/** withoutPlaceholders drops jobs that a snippet only mentions: `build: # …`. */
function withoutPlaceholders(jobs: Record<string, unknown>): Jobs {
  return Object.fromEntries(Object.entries(jobs).filter(([, job]) => job !== null)) as Jobs;
}

function parsed(text: string, place: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
