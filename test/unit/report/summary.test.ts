import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageOutcome, Outcome, RunReport } from '../../../src/model.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { HOSTILE, IMAGES, JOB, OWNER, report, result, SAMPLES, TEAM } from './samples.ts';

const CONTEXT = { runUrl: 'https://github.com/acme/images/actions/runs/1' };

function render(name: string): string {
  const found = SAMPLES[name];
  if (found === undefined) {
    throw new Error(`no sample ${name}`);
  }
  return renderSummary(found, CONTEXT);
}

/** What a reader sees: no tags, no references. */
function visible(markup: string): string {
  return markup
    .replaceAll('<wbr>', '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/[ \n]+/g, ' ')
    .trim();
}

/** Tags that need no end. */
const VOID = new Set(['br', 'wbr']);

/**
 * Reads the markup as a strict parser: every tag is one of ours with our attributes, closed in order, cells are as many
 * as the head has, and each block starts with a tag that Markdown takes for HTML and has no blank line inside.
 */
function assertWellFormed(markup: string): void {
  const open: string[] = [];
  let cells = 0;
  let columns = 0;
  const tags = markup.matchAll(/<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>/g);
  for (const [, slash, name = '', attributes = ''] of tags) {
    expect(attributes).toMatch(/^(?: align="left"| valign="top"| href="https:[A-Za-z0-9:/._~%?=+&#;-]*")?$/);
    expect('h2 h3 p strong em code pre br wbr table tr th td ul li details summary a'.split(' ')).toContain(name);
    if (slash === '/') {
      expect(open.pop()).toBe(name);
    } else if (!VOID.has(name)) {
      open.push(name);
    }
    if (name === 'table') {
      columns = 0;
    }
    cells = name === 'tr' && slash === '' ? 0 : cells;
    cells += (name === 'td' || name === 'th') && slash === '' ? 1 : 0;
    if (name === 'tr' && slash === '/') {
      columns ||= cells;
      expect(cells).toBe(columns);
    }
  }
  expect(open).toEqual([]);
  expect(markup.replace(/<\/?[a-z0-9]+(?: [a-z]+="[^"<>]*")*>/g, '')).not.toMatch(/[<>`"]/);
  for (const block of markup.trimEnd().split('\n\n')) {
    expect(block).toMatch(/^<(h2|h3|p|table|ul|details)>/);
    expect(block).not.toMatch(/\n\s*\n|\r/);
  }
}

/** The rows of the first table that has image rows, as text. */
function rows(markup: string): string[] {
  return [...markup.matchAll(/<tr>(.*)<\/tr>/g)].map((row) => visible(row[1] ?? ''));
}

describe('renderSummary', () => {
  test.each(Object.keys(SAMPLES))('%s is well-formed HTML that Markdown leaves alone', (name) => {
    assertWellFormed(render(name));
  });

  test.each([
    ['success', '✅ 3 of 3 images accepted in project eu-de_team'],
    ['already', '✅ 1 of 1 image accepted already in project eu-de_team'],
    ['partial', '❌ 1 of 3 images not accepted in project eu-de_team (IMG.0066)'],
    ['failure', '❌ The image is not accepted in project eu-de_team (IMG.0066)'],
    ['blocked-inputs', '⛔ Blocked: 2 mistakes in the inputs'],
    ['timeout', '⏱️ Timed out after 10 min 0 s: 1 of 2 images not known to be accepted in project eu-de_team'],
    ['cancelled', '🚫 Cancelled: 0 of 1 image known to be accepted in project eu-de_team'],
    ['submitted', '📨 Submitted, not verified: 1 of 1 image to be accepted in project eu-de_team'],
    ['planned', '📝 Plan: 1 of 2 images would be accepted in project eu-de_team , 2 left out'],
    ['check', '❌ Check failed: 1 of 2 images not as required in project eu-de_team'],
    ['rejected', '✅ 1 of 1 image rejected in project eu-de_team'],
    ['matrix', '❌ 1 of 12 memberships not accepted in 3 projects (IMG.0066)'],
  ])('%s begins with its verdict', (name, verdict) => {
    const markup = render(name);
    expect(visible(/^<h2>(.*)<\/h2>/.exec(markup)?.[1] ?? '').replaceAll('  ', ' ')).toBe(verdict);
  });

  test('shows the failure first, with cause, cure, code and request ID', () => {
    const [, first, second] = rows(render('partial'));
    expect(first).toBe(
      `❌ golden-ubuntu-2026-11-gpu ${IMAGES[1]} owner ${OWNER} pending read back not accepted IMG.0066`,
    );
    const list = visible(/<ul>[\s\S]*?<\/ul>/.exec(render('partial'))?.[0] ?? '');
    expect(list).toBe(
      'The service refused this image: the image does not exist or is not shared with the project. ' +
        `golden-ubuntu-2026-11-gpu ${IMAGES[1]} ` +
        'Ask the owner whether the share was withdrawn, and run the job again once it is back. ' +
        `IMG.0066 , job ${JOB} , request 0a1b2c3d4e5f60718293a4b5c6d7e8f9`,
    );
    expect(render('partial').indexOf('<ul>')).toBeLessThan(render('partial').indexOf('<table>'));
    expect(second).toBe(
      `✅ golden-ubuntu-2026-11 ${IMAGES[0]} owner ${OWNER} pending → accepted read back accepted by this run`,
    );
  });

  test('names project, region, job, duration and run', () => {
    const facts = rows(render('success'));
    expect(facts).toContain(`Project eu-de_team ${TEAM.id}`);
    expect(facts).toContain('Region eu-de');
    expect(facts).toContain(`Job ${JOB}`);
    expect(facts).toContain('Duration 4.2 s');
    expect(render('success')).toContain('>log of this run</a>');
    expect(renderSummary(report(), { runUrl: null })).not.toContain('log of this run');
    expect(renderSummary(report(), { runUrl: 'javascript:alert(1)' })).not.toContain('href');
  });

  test('says that rejected is hidden, not revoked, whenever rejecting was asked for', () => {
    const hidden = 'hidden, not revoked';
    expect(visible(render('rejected'))).toContain(hidden);
    for (const outcome of ['partial', 'planned', 'blocked', 'timeout', 'submitted'] satisfies Outcome[]) {
      expect(renderSummary(report({ outcome, status: 'rejected' }), CONTEXT)).toContain(hidden);
      expect(renderSummary(report({ outcome, status: 'accepted' }), CONTEXT)).not.toContain(hidden);
    }
  });

  test('distinguishes job status from proof', () => {
    expect(visible(render('success'))).toContain('Read back from the service.');
    expect(visible(render('unverified'))).toContain(
      '1 of 1 not verified: the status was not read back from the service',
    );
    expect(visible(render('unverified'))).toContain('unknown → accepted job status only');
  });

  test('of a submission promises nothing', () => {
    const text = visible(render('submitted'));
    expect(text).toContain('this proves nothing');
    expect(text).toContain('pending → not yet known');
    expect(text).not.toContain('read back');
  });

  test('of a time-out and a cancellation names the job that may go on', () => {
    for (const name of ['timeout', 'cancelled']) {
      expect(visible(render(name))).toContain(`The service may still finish what it was asked to do (job ${JOB} )`);
    }
    const early = visible(
      renderSummary(report({ outcome: 'timeout', changed: false, results: [], jobIds: [] }), CONTEXT),
    );
    expect(early).toContain('Timed out after 4.2 s: no image was read');
    expect(early).toContain('Nothing was changed.');
  });

  test('shows YAML of a cure as a block', () => {
    expect(render('blocked-login')).toContain('<pre>permissions:&#10;  id-token: write&#10;  contents: read</pre>');
    expect(render('blocked-login')).toContain('<p>Images not looked at: ');
  });

  test('distinguishes what stopped the run from what was not attempted', () => {
    const [, culprit, notAttempted] = rows(render('blocked-untrusted'));
    expect(visible(render('blocked-untrusted'))).toContain('1 of 2 images stopped the run before any change.');
    expect(culprit).toMatch(/stopped the run$/);
    expect(notAttempted).toMatch(/^⏸️ .* pending not attempted$/);
  });

  test('shows several projects as a matrix, then what needs attention', () => {
    const markup = render('matrix');
    const [head, first] = rows(markup);
    expect(head).toBe('Image eu-de_team eu-de_stage eu-nl_prod');
    expect(first).toBe(`golden-ubuntu-2026-11-gpu ${IMAGES[1]} ✅ accepted ✅ accepted ❌ pending`);
    expect(visible(markup)).toContain('What needs attention');
    expect(markup).toContain('<details><summary>11 memberships accepted</summary>');
  });

  test('folds many images that are as they should be', () => {
    const markup = render('many');
    expect(markup).toContain('<details><summary>39 images accepted</summary>');
    expect(markup.indexOf('IMG.0066')).toBeLessThan(markup.indexOf('<details>'));
    expect(visible(markup)).not.toContain('1 images');
  });

  test('shows a cause of many images once, with its images folded', () => {
    const results = Array.from({ length: 100 }, (_, index) =>
      result({ image: `image-${index}`, outcome: 'failed', cause: 'Not shared with `x`.', cure: 'Ask.', name: null }),
    );
    const markup = renderSummary(report({ outcome: 'failure', results }), CONTEXT);
    expect(markup.match(/<strong>Not shared with <code>x<\/code>\.<\/strong>/g)).toHaveLength(1);
    expect(markup).toContain('<details><summary>100 images</summary>');
  });

  test('opens the list of what strangers offer, and no other list of left-out images', () => {
    expect(render('planned')).toContain('<h3>2 matching images were left out</h3>');
    const leftOut = [{ image: IMAGES[1], name: 'old', owner: OWNER, project: 'p', reason: 'rejected-before' as const }];
    expect(renderSummary(report({ leftOut }), CONTEXT)).toContain('<details><summary>1 matching image was left out');
  });

  test('does not break a project name or a permission', () => {
    expect(render('matrix')).toContain('<code>eu-de_stage</code>');
    const problems = [{ cause: 'why', cure: 'Grant `ims:images:get`.', code: null, requestId: null }];
    expect(renderSummary(report({ outcome: 'blocked', problems }), CONTEXT)).toContain(
      '<code>ims&#58;images&#58;get</code>',
    );
  });

  test('lists left-out images with the reason, warnings and notes', () => {
    expect(visible(render('planned'))).toContain('2 matching images were left out');
    expect(visible(render('planned'))).toContain('its owner is not among trusted-owners');
    expect(visible(render('planned'))).toContain('it was rejected before');
    expect(visible(render('rejected'))).toContain('2 builds of older runs');
    expect(visible(render('unverified'))).toContain('Warning: Not verified: memberships cannot be read');
  });

  test('of nothing found says so', () => {
    const text = visible(renderSummary(report({ changed: false, results: [], jobIds: [] }), CONTEXT));
    expect(text).toContain('✅ No image matched: nothing to do in project eu-de_team');
  });

  test('takes no line of a warning for a line of YAML', () => {
    const warnings = ['its owner x\npermissions: write-all\n  contents: write is not in `trusted-owners`.'];
    const markup = renderSummary(report({ warnings }), CONTEXT);
    expect(markup).not.toContain('<pre>');
    expect(visible(markup)).toContain('x\\npermissions: write-all\\n contents: write');
  });

  test('shows foreign text without effect', () => {
    const foreign = fc.oneof(fc.constant(HOSTILE), fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }));
    const outcomes: ImageOutcome[] = ['updated', 'failed', 'blocked', 'unknown', 'planned'];
    fc.assert(
      fc.property(foreign, fc.constantFrom(...outcomes), fc.boolean(), (text, outcome, several) => {
        const project = { given: text, id: text, name: text, region: text };
        const hostile: RunReport = report({
          outcome: 'partial',
          projects: several ? [project, TEAM] : [project],
          results: [
            result({
              outcome,
              name: text,
              owner: text,
              project: text,
              cause: text,
              cure: text,
              errorCode: text,
              requestId: text,
            }),
          ],
          leftOut: [{ image: IMAGES[1], name: text, owner: text, project: text, reason: 'rejected-before' }],
          jobIds: [text],
          requestIds: [text],
          problems: [{ cause: text, cure: text, code: text, requestId: text }],
          warnings: [text],
          notes: [text],
        });
        assertWellFormed(renderSummary(hostile, CONTEXT));
      }),
    );
    expect(visible(render('blocked-untrusted'))).toContain(
      'golden-ubuntu\\n::error title=Pwned::all is lost\\r\\n'.slice(0, 40),
    );
  });
});

describe('the size of the summary', () => {
  const LIMIT = 900 * 1024;

  function huge(projects: number, images: number): RunReport {
    const all = Array.from({ length: projects }, (_, index) => ({
      ...TEAM,
      id: `p${index}`,
      name: `project-${index}`,
    }));
    return report({
      outcome: 'partial',
      projects: all,
      results: all.flatMap((project) =>
        Array.from({ length: images }, (_, index) =>
          result({
            image: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
            project: project.id,
            name: '\u{1f600}'.repeat(128),
            outcome: index % 2 === 0 ? 'failed' : 'updated',
            cause: '<'.repeat(3000),
            cure: '>\n'.repeat(500),
          }),
        ),
      ),
      leftOut: Array.from({ length: 5000 }, () => ({
        image: IMAGES[1],
        name: '\u{1f600}'.repeat(128),
        owner: OWNER,
        project: 'p0',
        reason: 'owner-not-trusted' as const,
      })),
      jobIds: Array.from({ length: 200 }, (_, index) => `job-${index}`),
      requestIds: Array.from({ length: 2000 }, (_, index) => `request-${index}`),
      problems: Array.from({ length: 100 }, () => ({
        cause: '@'.repeat(5000),
        cure: '#'.repeat(5000),
        code: null,
        requestId: null,
      })),
      warnings: Array.from({ length: 100 }, () => '&'.repeat(2000)),
      notes: Array.from({ length: 100 }, () => '&'.repeat(2000)),
    });
  }

  test.each([
    [1, 2000],
    [16, 400],
  ])('of %i projects with %i images stays below the limit, and says what is missing', (projects, images) => {
    const markup = renderSummary(huge(projects, images), CONTEXT);
    expect(Buffer.byteLength(markup)).toBeLessThan(LIMIT);
    assertWellFormed(markup);
    expect(visible(markup)).toMatch(/… and \d+ more, see the output results \./);
    expect(visible(markup)).toContain('Job');
    expect(visible(markup)).toContain('… and 180 more');
  });

  test('gives images that were left out all the room there is, and says where the others are', () => {
    const markup = renderSummary(
      report({
        leftOut: Array.from({ length: 5000 }, (_, index) => ({
          image: `left-${index}`,
          name: 'golden',
          owner: OWNER,
          project: 'p0',
          reason: 'owner-not-trusted' as const,
        })),
      }),
      CONTEXT,
    );
    const shown = markup.match(/<code>left-\d+<\/code>/g)?.length ?? 0;
    expect(Buffer.byteLength(markup)).toBeGreaterThan(0.9 * LIMIT);
    expect(visible(markup)).toContain(`… and ${5000 - shown} more, see the receipt.`);
  });

  test('counts what it left out exactly', () => {
    const markup = renderSummary(
      report({
        outcome: 'failure',
        results: Array.from({ length: 5000 }, (_, index) =>
          result({ image: `image-${index}`, outcome: 'failed', cause: 'm'.repeat(400) }),
        ),
      }),
      CONTEXT,
    );
    const shown = markup.match(/<code>image-\d+<\/code>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(500);
    const listed = 150;
    expect(visible(markup)).toContain(`… and ${5000 - (shown - listed)} more, see the output results`);
  });
});
