/**
 * action.yml, the table of inputs that the code reads and the README say the same, and say what was promised.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAction, render } from '../scripts/docs.ts';
import { INPUT_FACTS, OUTPUT_EXAMPLES } from '../scripts/interface-facts.ts';
import { INPUTS, type InputSpec } from '../src/inputs/table.ts';

const textOf = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const action = readAction(textOf('action.yml'));

/** The public interface, written out: a name that is lost or changed breaks somebody's workflow. */
const PROMISED_INPUTS = `images manifest manifest-builds min-images match-name if-none status mode
  project vault api project-domain region ims-endpoint auth-url
  token username password domain access-key secret-key security-token identity-provider audience
  application-credential-id application-credential-secret agency-name agency-domain
  trusted-owners require-proof share-timeout timeout wait
  summary results-file commit-status commit-sha github-token
  poll-interval request-timeout retries`.split(/\s+/);
const PROMISED_DEFAULTS = {
  'if-none': 'fail',
  status: 'accepted',
  mode: 'apply',
  api: 'ims',
  'require-proof': 'true',
  'share-timeout': '2m',
  timeout: '10m',
  wait: 'true',
  summary: 'true',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of ours.
  'github-token': '${{ github.token }}',
  'request-timeout': '30s',
  retries: '5',
};
const PROMISED_OUTPUTS = 'outcome verified images changed job-id job-ids updated unchanged failed results'.split(' ');

describe('action.yml', () => {
  it('declares the promised inputs, defaults and outputs', () => {
    expect(Object.keys(action.inputs)).toEqual(PROMISED_INPUTS);
    const defaults = Object.entries(action.inputs).filter(([, input]) => input.default !== undefined);
    expect(Object.fromEntries(defaults.map(([name, input]) => [name, input.default]))).toEqual(PROMISED_DEFAULTS);
    expect(Object.keys(action.outputs)).toEqual(PROMISED_OUTPUTS);
  });

  it('describes each of them in whole sentences', () => {
    for (const [name, { description }] of Object.entries({ ...action.inputs, ...action.outputs })) {
      expect(description, name).toMatch(/^[\s\S]{20,}\.$/);
    }
  });

  it('runs the bundle on Node 24', () => {
    expect(textOf('action.yml')).toMatch(/\nruns:\n {2}using: node24\n {2}main: dist\/index\.js\n$/);
  });
});

describe('the table of inputs', () => {
  it('has the inputs of action.yml, in its order, with the same defaults', () => {
    const rows: readonly InputSpec[] = INPUTS;
    const ours = rows.map(({ name, default: fallback }) => [name, fallback]);
    // The job's own token comes from the runner, not from the code.
    const theirs = Object.entries(action.inputs).map(([name, input]) => [
      name,
      name === 'github-token' ? undefined : input.default,
    ]);
    expect(ours).toEqual(theirs);
  });
});

describe('README.md', () => {
  it('has the tables that `npm run docs` writes', () => {
    const readme = textOf('README.md');
    expect(readme).toBe(render(readme, action));
  });

  it('has facts about every input and an example of every output', () => {
    expect(Object.keys(action.inputs).filter((name) => !(name in INPUT_FACTS))).toEqual([]);
    expect(Object.keys(action.outputs).filter((name) => !(name in OUTPUT_EXAMPLES))).toEqual([]);
  });

  it('would be found out of date', () => {
    const inputs = { ...action.inputs, images: { description: 'Something else.' } };
    const readme = textOf('README.md');
    expect(render(readme, { ...action, inputs })).not.toBe(readme);
    expect(() => render('no markers', action)).toThrow('markers');
  });
});
