/**
 * Shows the built action at work against the mock cloud: `npm run demo [scene]`.
 * Prints the log as the runner shows it and the outputs, and writes the job summary as a page to look at.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { page } from '../scripts/github-look.ts';
import { type Finished, start } from '../test/e2e/harness.ts';
import { openWorld } from '../test/e2e/world.ts';
import { SCENES } from './scenes.ts';

const scene = process.argv[2] ?? 'success';
const seed = SCENES[scene];
if (seed === undefined) {
  console.error(`No scene ${scene}; there are: ${Object.keys(SCENES).join(', ')}`);
  process.exit(2);
}
await using world = await openWorld({ jobDurationMs: 800, service: scene === 'openstack' ? 'openstack' : 'ims' });
const inputs = seed(world);
heading(`The step: scene ${scene}`);
for (const [name, value] of Object.entries(inputs))
  console.log(`${name}: ${/^password$|secret/.test(name) ? '***' : value?.replaceAll('\n', ' ')}`);
heading('The log, as the runner shows it');
// As a runner does it without debug logging.
const { child, finished } = start(inputs, { env: { RUNNER_DEBUG: undefined } });
child.stdout?.on('data', show());
const run = await finished;
heading(`The outputs (exit code ${run.code}, ${(run.milliseconds / 1000).toFixed(2)} s)`);
for (const [name, value] of Object.entries(run.outputs)) console.log(`${name}: ${value}`);
heading('The members in the cloud');
for (const { image, name, status } of world.cloud.members())
  console.log(`${image}  ${status.padEnd(8)}  ${JSON.stringify(name)}`);
heading('The job summary');
for (const path of writeSummary(run)) console.log(path);

function heading(text: string): void {
  console.log(`\n\u001b[1m── ${text} ──\u001b[0m`);
}

/** The runner masks, folds groups and marks annotations; without a runner this is as near as a terminal comes. */
function show(): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('::add-mask::') || line.startsWith('::endgroup::') || line.trim() === '') continue;
      console.log(
        line
          .replace(/^::group::/, '▼ ')
          .replace(
            /^::(error|warning) ?(?:title=([^:]*))?::/,
            (_all, kind: string, title = '') =>
              `${kind === 'error' ? 'Error' : 'Warning'}: ${title}${title === '' ? '' : '\n'}`,
          )
          .replaceAll('%0A', '\n')
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ',')
          .replaceAll('%25', '%'),
      );
    }
  };
}

/** Writes the summary as GitHub gets it, and as a page that looks about as GitHub shows it. */
function writeSummary(run: Finished): readonly string[] {
  const folder = resolve(import.meta.dirname, '../tmp');
  mkdirSync(folder, { recursive: true });
  const files = { md: run.summary, html: page('light', run.summary) };
  return Object.entries(files).map(([extension, text]) => {
    const path = resolve(folder, `demo-${scene}.${extension}`);
    writeFileSync(path, text);
    return path;
  });
}
