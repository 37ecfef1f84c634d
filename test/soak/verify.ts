/**
 * Comparing what a run reported with what is true.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Member, Project, Status } from '../../mock-cloud/index.ts';
import type { Finished, Row } from '../e2e/harness.ts';
import type { Scenario } from './scenario.ts';

/** The result of one run's comparison. */
export interface Verdict {
  /** Sentences; empty if all is well. */
  readonly breaches: readonly string[];
  /** Rows reported as verified that were compared with the truth. */
  readonly compared: number;
}

/** verify holds the report against the cloud and against itself. */
export function verify(scenario: Scenario, run: Finished): Verdict {
  const breaches: string[] = [];
  const require = (holds: boolean, sentence: string): void => {
    if (!holds) breaches.push(sentence);
  };
  const { world, projects, images, cancelAfter } = scenario;
  const { cloud } = world;
  require(run.signal === null, `the process was ended by ${run.signal}`);
  require(run.stderr === '', `something was written to stderr: ${run.stderr.slice(0, 300)}`);
  for (const violation of cloud.violations) breaches.push(`violation: ${violation}`);
  require(cloud.connections('elsewhere') === 0, 'another host was called');
  require(run.summary.includes('<h2>'), 'there is no summary');
  require(existsSync(`${run.workspace}/receipt.json`), 'there is no receipt');
  breaches.push(...outputBreaches(run, cancelAfter !== null));
  breaches.push(...commandBreaches(run));

  let compared = 0;
  for (const row of run.results) {
    if (!row.verified || row.project === null) continue;
    compared += 1;
    const disagreement = disagreementOf(scenario, row, run.outputs['outcome'] ?? '');
    if (disagreement !== null) breaches.push(`DISAGREEMENT: ${disagreement}`);
  }
  for (const image of images)
    for (const project of projects) {
      const changes = cloud.effectiveChanges(image, project);
      require(changes <= 1 || scenario.hasOtherActors, `${image.id} was changed ${changes} times in ${project.name}`);
      require(changes === 0 ||
        run.outputs['changed'] === 'true', `${image.id} was changed, but \`changed\` is not true`);
    }
  for (const project of projects) breaches.push(...blindResends(scenario, project));
  return { breaches, compared };
}

function outputBreaches(run: Finished, mayBeCancelled: boolean): string[] {
  const { outputs, results } = run;
  const breaches: string[] = [];
  const outcome = outputs['outcome'];
  if (outcome === undefined)
    return [`no outputs were written: exit code ${run.code}, signal ${run.signal}, ${run.log.slice(-300)}`];
  const good = results.filter((row) => row.outcome === 'updated' || row.outcome === 'unchanged').length;
  const receipt = existsSync(`${run.workspace}/receipt.json`)
    ? (JSON.parse(readFileSync(`${run.workspace}/receipt.json`, 'utf8')) as { outcome?: string; results?: unknown[] })
    : {};
  const consistent: Record<string, boolean> = {
    success: good === results.length,
    partial: good < results.length,
    failure: good === 0 && results.length > 0,
    blocked: true,
    timeout: true,
    cancelled: mayBeCancelled,
    submitted: results.every((row) => ['submitted', 'updated', 'unchanged'].includes(row.outcome)),
    planned: results.every((row) => ['planned', 'unchanged'].includes(row.outcome)),
  };
  if (consistent[outcome] !== true)
    breaches.push(`outcome ${outcome} does not fit ${results.map((row) => row.outcome).join(', ')}`);
  if (receipt.outcome !== outcome || receipt.results?.length !== results.length)
    breaches.push('receipt and outputs differ');
  if ((run.code === 0) !== ['success', 'submitted', 'planned'].includes(outcome))
    breaches.push(`exit code ${run.code} with outcome ${outcome}`);
  const parts = ['updated', 'unchanged', 'failed'].flatMap((name) => JSON.parse(outputs[name] ?? '') as string[]);
  if (new Set(parts).size !== parts.length) breaches.push('updated, unchanged and failed overlap');
  if (new Set(results.map(({ image }) => image)).size !== parts.length)
    breaches.push('the three lists are no partition');
  if (outcome === 'blocked' && outputs['changed'] !== 'false') breaches.push('blocked, but changed');
  return breaches;
}

const MEANT = new Set(['add-mask', 'notice', 'group', 'endgroup', 'warning', 'error']);

/** No text of a stranger became a command, and there is one error annotation exactly if the step fails. */
function commandBreaches(run: Finished): string[] {
  const breaches = run.commands
    .filter(({ name }) => !MEANT.has(name))
    .map(({ name }) => `a command ${name} was forged`);
  const errors = run.commands.filter(({ name }) => name === 'error').length;
  if (errors !== (run.code === 0 ? 0 : 1)) breaches.push(`${errors} error annotations with exit code ${run.code}`);
  if (run.commands.some(({ message }) => message.startsWith('forged'))) breaches.push('a command was forged');
  return breaches;
}

/**
 * Null if a verified row is true: the membership had that status at the end, or at some moment since the last reading of it began. Other
 * actors may have changed it after it was read, and before other images were read, so that all readings count then.
 */
function disagreementOf(scenario: Scenario, row: Row, outcome: string): string | null {
  const { image, project, current } = row;
  if (project === null) return null;
  const { cloud } = scenario.world;
  const reads = readsOf(cloud.requests, image);
  const read = (scenario.hasOtherActors ? reads[0] : reads.at(-1)) ?? 0;
  if (cloud.truthSince(image, project, read).includes(current as Status | null)) return null;
  const history = cloud.image(image).members.get(project)?.history ?? [];
  // A run that was cut short could not wait for reads that lag.
  const cutShort = outcome === 'timeout' || outcome === 'cancelled';
  if (cutShort && shownAt(history, read).includes(current)) return null;
  const truth = cloud.memberStatus(image, project) ?? null;
  return `${image} is reported as ${current} (${row.outcome}), verified, but is ${truth}`;
}

/** When the readings that may show an image arrived. */
function readsOf(
  requests: readonly { method: string; server: string; at: number; path: string; query: object }[],
  image: string,
): number[] {
  const reads = requests.filter(
    ({ method, server, path, query }) =>
      server === 'ims' &&
      method === 'GET' &&
      (path.includes(image) || (path === '/v2/cloudimages' && (!('id' in query) || query.id === image))),
  );
  return reads.map(({ at }) => at).toSorted((a, b) => a - b);
}

/** What the two kinds of reads showed at a time. */
function shownAt(history: Member['history'], at: number): readonly (string | null)[] {
  return (['memberAt', 'listAt'] as const).map(
    (by) => history.findLast((entry) => entry[by] <= at)?.status ?? history[0]?.status ?? null,
  );
}

/** Changes that were sent again for an image although the answer to the one before was lost and the members had not been read. */
function blindResends({ world: { cloud } }: Scenario, project: Project): string[] {
  const order = cloud.requests.filter(({ server }) => server === 'ims');
  const changes = order.flatMap((record, index) => (record.method === 'PUT' ? [{ record, index }] : []));
  const breaches: string[] = [];
  const imagesOf = (body: unknown): readonly string[] => {
    const { images, project_id } = (body ?? {}) as { images?: string[]; project_id?: string };
    return project_id === project.id ? (images ?? []) : [];
  };
  for (const [nth, { record, index }] of changes.entries()) {
    for (const image of imagesOf(record.body)) {
      const before = changes.slice(0, nth).findLast((earlier) => imagesOf(earlier.record.body).includes(image));
      if (before === undefined || !answerLost(before.record)) continue;
      const read = order.slice(before.index + 1, index).some(({ phases }) => phases.includes('prove'));
      if (!read) breaches.push(`the change of ${image} was sent again blindly`);
    }
  }
  return breaches;
}

function answerLost({ fault, status }: { fault: object | null; status: number }): boolean {
  const usable =
    status === 400 || status === 401 || status === 403 || status === 404 || status === 429 || status === 302;
  return fault !== null && !usable;
}
