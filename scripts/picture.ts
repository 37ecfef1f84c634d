/**
 * Makes the README's picture: the summary of a real run of dist/ against the mock cloud, as a headless Chromium shows it.
 * `npm run picture`, with Chromium on the path or named by CHROMIUM.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SCENES } from '../demo/scenes.ts';
import { runAction } from '../test/e2e/harness.ts';
import { openWorld } from '../test/e2e/world.ts';
import { page, type Theme } from './github-look.ts';

const OUT = resolve(import.meta.dirname, '../docs/images');
/** High enough for the whole summary; Chromium takes some of the height for a bar that is not shown. */
const SIZE = '1060,1030';

/** Fixed, so that the picture changes only if the summary does. */
const PORTS = { iam: 35357, ims: 9292 };

await using world = await openWorld({ jobDurationMs: 800, ports: PORTS });
const scene = SCENES['partial'];
if (scene === undefined) throw new Error('the scene is gone');
const { summary } = await runAction(scene(world));
const folder = mkdtempSync(join(tmpdir(), 'picture-'));
for (const theme of ['light', 'dark'] satisfies Theme[]) {
  const html = join(folder, `${theme}.html`);
  writeFileSync(html, page(theme, summary));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const target = join(OUT, `summary-${theme}.png`);
  execFileSync(
    process.env['CHROMIUM'] ?? 'chromium',
    [
      ...flags,
      `--user-data-dir=${join(folder, 'profile')}`,
      `--window-size=${SIZE}`,
      `--screenshot=${target}`,
      `file://${html}`,
    ],
    { stdio: 'ignore' },
  );
  console.log(target);
}
