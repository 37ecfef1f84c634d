/**
 * What must hold for every run: it ends as the scenario wants, what it claims is what Glance answers to the owner, and nothing in its
 * texts belongs to another cloud or was forged by another tenant.
 */
import type { Finished } from '../e2e/harness.ts';
import type { Images, Scenario } from './scenarios/shape.ts';
import type { World } from './world.ts';

const FAILS = ['partial', 'failure', 'blocked', 'timeout', 'cancelled'];
const COMMANDS = ['add-mask', 'debug', 'error', 'endgroup', 'group', 'notice', 'warning'];
/** Words that mean nothing to users of plain OpenStack. */
const FOREIGN = /\b(jobs?|vaults?|batch(es)?|full-ECS|CBR|AK\/SK)\b|ims:images/i;

export interface Ended {
  readonly world: World;
  readonly images: Images;
  readonly before: Readonly<Record<string, string | null>>;
  readonly finished: Finished;
}

/** faultsOf gives everything that is wrong with a run. */
export async function faultsOf(scenario: Scenario, ended: Ended): Promise<string[]> {
  const { world, images, before, finished } = ended;
  const { outputs, log, summary, code } = finished;
  const outcome = outputs['outcome'];
  const faults: string[] = [];
  if (outcome !== scenario.outcome) faults.push(`outcome is ${outcome}, expected ${scenario.outcome}`);
  if (code !== (FAILS.includes(scenario.outcome) ? 1 : 0)) faults.push(`the process ended with ${code}`);
  for (const [name, image] of Object.entries(images)) {
    const wanted = scenario.after?.[name] ?? (scenario.after?.[name] === null ? null : before[name]);
    const is = await world.statusOf(image, world.receivers.project.id);
    if (is !== wanted) faults.push(`${name} is ${is}, expected ${wanted}`);
  }
  faults.push(...(await falseClaims(ended)));
  const text = `${log}\n${summary}`;
  for (const wanted of scenario.says ?? []) if (!wanted.test(text)) faults.push(`nothing says ${wanted}`);
  faults.push(...textFaults(scenario, finished));
  return faults;
}

/** Every row and every list of the outputs against what Glance answers to the owner. */
async function falseClaims({ world, finished }: Ended): Promise<string[]> {
  const { results, outputs } = finished;
  const faults: string[] = [];
  for (const { image, project, current, verified } of results) {
    if (project === null || !verified) continue;
    const is = await world.statusOf(image, project);
    if (is !== current) faults.push(`claims ${image} to be ${current}; Glance tells the owner ${is}`);
  }
  if (outputs['job-id'] !== '' || outputs['job-ids'] !== '[]') faults.push('the outputs name a job');
  const proven = results.length > 0 && results.every(({ verified }) => verified);
  if (outputs['outcome'] === 'success' && (!proven || outputs['verified'] !== 'true'))
    faults.push('success without proof');
  return faults;
}

function textFaults({ title, outcome }: Scenario, { log, summary, commands }: Finished): string[] {
  const faults: string[] = [];
  const forged = commands.filter(({ name, message }) => !COMMANDS.includes(name) || message.startsWith('forged'));
  for (const { name, message } of forged) faults.push(`forged command ${name}: ${message}`);
  if (/<img/i.test(summary)) faults.push('forged markup in the summary');
  const errors = commands.filter(({ name }) => name === 'error');
  if (errors.length !== (FAILS.includes(outcome) ? 1 : 0)) faults.push(`${errors.length} error annotations`);
  // Inputs that belong to the other cloud are named where they are mistakes.
  const foreign = title.startsWith('Inputs') || title.startsWith('Without') ? null : FOREIGN.exec(`${log}\n${summary}`);
  if (foreign !== null) faults.push(`speaks of "${foreign[0]}": ${lineAround(`${log}\n${summary}`, foreign.index)}`);
  return faults;
}

function lineAround(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at) + 1).split('\n', 1)[0] ?? '';
}
