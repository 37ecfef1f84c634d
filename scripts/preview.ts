/**
 * Renders the job summary of every sample report to tmp/preview, as Markdown and as pages that look about like GitHub's
 * in light and dark. `npm run preview [name…]`. The same input always gives the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSummary } from '../src/report/summary.ts';
import { SAMPLES } from '../test/unit/report/samples.ts';
import { page } from './github-look.ts';

const FOLDER = join(import.meta.dirname, '..', 'tmp', 'preview');
const RUN_URL = 'https://github.com/acme/images/actions/runs/1234567890';

const wanted = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
for (const [name, report] of Object.entries(SAMPLES)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    const markup = renderSummary(report, { runUrl: RUN_URL });
    const files = { md: markup, 'light.html': page('light', markup), 'dark.html': page('dark', markup) };
    for (const [ending, text] of Object.entries(files)) {
      const path = join(FOLDER, `${name}.${ending}`);
      writeFileSync(path, text);
      console.log(path);
    }
  }
}
