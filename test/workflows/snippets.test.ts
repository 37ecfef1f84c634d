import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jobsUnder, shownBy, snippetsIn, stepsUnder, withInputs, workflowOf } from './snippets.ts';

const PAGE = `# Title

\`\`\`bash
# not a heading
\`\`\`

## Start

\`\`\`yaml
permissions: {}
jobs:
  accept:
    runs-on: ubuntu-latest
    steps:
      - uses: org/ims-members-action@v1
        with:
          project: own
\`\`\`

## Gate

- In a list:

  \`\`\`yaml
  gate:
    needs: accept
  \`\`\`

\`\`\`yaml
- run: |
    true

    false
\`\`\`

\`\`\`yaml
project: a, b
\`\`\`
`;

describe('snippetsIn', () => {
  const snippets = snippetsIn(PAGE);

  it('finds the YAML under each heading, with its line', () => {
    expect(snippets.map(({ heading, line }) => [heading, line])).toEqual([
      ['Start', 9],
      ['Gate', 24],
      ['Gate', 29],
      ['Gate', 36],
    ]);
  });

  it('distinguishes jobs, steps and other YAML', () => {
    expect(snippets.map((snippet) => Object.keys(shownBy(snippet))[0])).toEqual(['jobs', 'jobs', 'steps', 'other']);
    expect(jobsUnder(snippets, 'Gate')).toEqual({ gate: { needs: 'accept' } });
    expect(stepsUnder(snippets, 'Gate')).toEqual([[{ run: 'true\n\nfalse\n' }]]);
  });

  it('says where invalid YAML is, and which headings there are', () => {
    const [broken] = snippetsIn('## Broken\n\n```yaml\na: [\n```\n');
    expect(() => broken && shownBy(broken)).toThrow('line 3, under "Broken"');
    expect(() => jobsUnder(snippets, 'Missing')).toThrow(
      'no yaml under the heading "Missing"; there is some under "Start", "Gate"',
    );
  });
});

describe('workflowOf', () => {
  it('puts jobs of several snippets into one workflow, and completes those shown without steps', () => {
    const snippets = snippetsIn(PAGE);
    const workflow = parse(workflowOf({ ...jobsUnder(snippets, 'Start'), ...jobsUnder(snippets, 'Gate') }));
    expect(Object.keys(workflow.jobs)).toEqual(['accept', 'gate']);
    expect(workflow.jobs.gate.steps).toEqual([{ run: 'echo "gate ran" >> "$GITHUB_STEP_SUMMARY"' }]);
  });

  it('adds inputs to the uses of the action only, and keeps those it has', () => {
    const steps = [{ uses: 'org/ims-members-action@v1', with: { project: 'own' } }, { uses: 'actions/checkout@v7' }];
    expect(withInputs(steps, { project: 'other', audience: 'cloud' })).toEqual([
      { uses: 'org/ims-members-action@v1', with: { project: 'own', audience: 'cloud' } },
      { uses: 'actions/checkout@v7' },
    ]);
  });
});
