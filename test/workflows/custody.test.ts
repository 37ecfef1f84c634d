/**
 * The auditor's script, examples/custody/verify.mjs, on recorded files. Each refusal changes one thing and attests the rest anew,
 * so that only the comparison in question can find it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'examples/custody/verify.mjs');

const COMMIT = '9b1c6f0d4e2a8375c1d90e6fb7a34528ce10d7f3';
const OTHER_COMMIT = '41d7e0a2c5b8f39641d7e0a2c5b8f39641d7e0a2';
const RUN = 'https://github.com/octo-org/golden-images/actions/runs/19742201188';
const WORKFLOW = 'octo-org/golden-images/.github/workflows/chain-of-custody.yml';
const PROJECT = 'c25d81e0f4b94a7388f16b0a9d3e7c52';
const OWNER = '7a0e4b1f93c84d52a6e8b07d15f2c9a4';
const BASE = '3f1a9c52-6b7e-4d08-9a41-0c8e5f27d6b3';
const WEB = 'b84d2e07-51f9-4c36-8e2a-7d90f6a1c3e5';
/** Of an earlier Packer run in the same manifest. */
const OLD = '0d6f7b18-2c94-4e5a-b3d7-91a8c4e2f560';
const STRANGER = '00000000-1111-4222-8333-444444444444';

// biome-ignore lint/suspicious/noExplicitAny: the tests change recorded JSON anywhere
type Json = any;
interface Files {
  manifest: Json;
  receipt: Json;
  manifestProof: Json;
  receiptProof: Json;
}
type Change = (files: Files) => void;

const NAMES = {
  manifest: 'packer-manifest.json',
  receipt: 'receipt.json',
  manifestProof: 'packer-manifest.attestation.json',
  receiptProof: 'receipt.attestation.json',
} as const;

const recorded = (name: keyof Files): Json =>
  JSON.parse(readFileSync(join(ROOT, 'test/fixtures/custody', NAMES[name]), 'utf8'));
const textOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const digestOf = (value: unknown): string => createHash('sha256').update(textOf(value)).digest('hex');
const certificateOf = (proof: Json): Json => proof[0].verificationResult.signature.certificate;
const statementOf = (proof: Json): Json => proof[0].verificationResult.statement;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'custody-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Order {
  /** Before the files are attested, so that the attestations are about the changed files. */
  readonly before?: Change;
  /** After that: what somebody edits or swaps. */
  readonly after?: Change;
  readonly args?: readonly string[];
  /** Cuts the end off a file. */
  readonly truncate?: keyof Files;
  readonly drop?: string;
}

/** audit writes the four files and runs the script on them. */
function audit({ before, after, args = [], truncate, drop }: Order = {}) {
  const files: Files = {
    manifest: recorded('manifest'),
    receipt: recorded('receipt'),
    manifestProof: recorded('manifestProof'),
    receiptProof: recorded('receiptProof'),
  };
  const original = digestOf(files.manifest);
  before?.(files);
  const digest = digestOf(files.manifest);
  for (const named of files.receipt.manifests) if (named.sha256 === original) named.sha256 = digest;
  statementOf(files.manifestProof).subject[0].digest.sha256 = digest;
  statementOf(files.receiptProof).subject[0].digest.sha256 = digestOf(files.receipt);
  statementOf(files.receiptProof).predicate = structuredClone(files.receipt);
  after?.(files);
  for (const key of Object.keys(NAMES) as (keyof Files)[]) {
    const text = textOf(files[key]);
    writeFileSync(join(folder, NAMES[key]), key === truncate ? text.slice(0, -40) : text);
  }
  const given = [
    ...['--repository', 'octo-org/golden-images', '--commit', COMMIT, '--workflow', WORKFLOW],
    ...['--project', PROJECT, '--owner', OWNER],
    ...['--manifest', NAMES.manifest, '--manifest-attestation', NAMES.manifestProof],
    ...['--receipt', NAMES.receipt, '--receipt-attestation', NAMES.receiptProof],
  ];
  const kept = drop === undefined ? given : given.filter((_, i) => given[i] !== drop && given[i - 1] !== drop);
  const run = spawnSync(process.execPath, [SCRIPT, ...kept, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

/** refusal gives the one sentence, and checks that there is nothing else. */
function refusal(order: Order): string {
  const { code, out, error } = audit(order);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toMatch(/^Refused: [ -~]+\.\n$/);
  return error.trim().replace('Refused: ', '');
}

describe('custody: what it accepts', () => {
  it('prints the chain from the commit to the release, and that gh checked the signatures', () => {
    const { code, out, error } = audit({ args: ['--images', JSON.stringify([BASE, WEB])] });
    expect({ code, error }).toEqual({ code: 0, error: '' });
    for (const link of [COMMIT, `${RUN}/attempts/1`, `release   ${BASE} ${WEB}`]) expect(out).toContain(link);
    expect(out).toContain(`image     ${BASE} of ${OWNER}, accepted in ${PROJECT} (updated)`);
    expect(out).not.toContain(OLD);
    expect(out).toContain('Their signatures were checked by gh, not by this script.');
  });

  it('accepts the recorded files as they are', () => {
    const digest = createHash('sha256')
      .update(readFileSync(join(ROOT, 'test/fixtures/custody', NAMES.manifest)))
      .digest('hex');
    expect(digestOf(recorded('manifest'))).toBe(digest);
    expect(recorded('receipt').manifests[0].sha256).toBe(digest);
    expect(statementOf(recorded('manifestProof')).subject[0].digest.sha256).toBe(digest);
    expect(statementOf(recorded('receiptProof')).subject[0].digest.sha256).toBe(digestOf(recorded('receipt')));
  });

  it('is tested with a receipt that matches docs/receipt.schema.json', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schema: object = JSON.parse(readFileSync(join(ROOT, 'docs/receipt.schema.json'), 'utf8'));
    expect(ajv.validate(schema, recorded('receipt')), ajv.errorsText()).toBe(true);
  });

  it('accepts a receipt of a later attempt of the same run, which accepted what the first attempt built', () => {
    const before: Change = ({ receipt, receiptProof }) => {
      Object.assign(receipt, { runUrl: `${RUN}/attempts/2`, runAttempt: 2 });
      certificateOf(receiptProof).runInvocationURI = `${RUN}/attempts/2`;
    };
    expect(audit({ before }).code).toBe(0);
  });

  it('finds the right attestation among several of the same file', () => {
    const after: Change = ({ manifestProof }) => {
      const other = structuredClone(manifestProof[0]);
      other.verificationResult.signature.certificate.sourceRepositoryDigest = OTHER_COMMIT;
      manifestProof.unshift(other);
    };
    expect(audit({ after }).code).toBe(0);
  });

  it('takes the builds that are named, and region prefixes and lists as the action does', () => {
    const before: Change = ({ manifest, receipt }) => {
      manifest.builds[1].artifact_id = `eu-de:${BASE.toUpperCase()}, eu-nl:${BASE}`;
      receipt.results.pop();
    };
    expect(audit({ before, args: ['--build', 'base'] }).code).toBe(0);
    expect(audit({ before }).code).toBe(1);
  });
});

describe('custody: what it refuses', () => {
  it('an image ID that the manifest does not have', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[1].image = STRANGER;
    };
    expect(refusal({ before })).toBe(`The image "${STRANGER}" of the receipt is in no manifest's last run.`);
  });

  it('an image ID of an older Packer run in the same manifest', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[1].image = OLD;
    };
    expect(refusal({ before })).toBe(`The image "${OLD}" of the receipt is in no manifest's last run.`);
  });

  it('a release of another image than the accepted ones', () => {
    expect(refusal({ args: ['--images', `${BASE},${STRANGER}`] })).toBe(
      `The release uses ${STRANGER}, which this run did not accept.`,
    );
  });

  it("an older run's manifest in place of the one that the receipt is about", () => {
    const after: Change = ({ manifest, manifestProof }) => {
      manifest.builds.shift();
      statementOf(manifestProof).subject[0].digest.sha256 = digestOf(manifest);
    };
    expect(refusal({ after })).toMatch(/^The receipt is about the manifest "packer-manifest.json" with the SHA-256/);
  });

  it("an older run's manifest that the accepting run was given, although it was attested", () => {
    const older = 'https://github.com/octo-org/golden-images/actions/runs/19700000001';
    const before: Change = ({ manifestProof }) => {
      certificateOf(manifestProof).runInvocationURI = `${older}/attempts/1`;
    };
    expect(refusal({ before })).toBe(
      `packer-manifest.json was attested with the workflow run "${older}", not with "${RUN}".`,
    );
  });

  it('another owner', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[0].owner = 'dddddddddddddddddddddddddddddddd';
    };
    expect(refusal({ before })).toContain('its owner is "dddddddddddddddddddddddddddddddd", not --owner.');
  });

  it('a receipt of another project', () => {
    const before: Change = ({ receipt }) => {
      for (const result of receipt.results) result.project = 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee';
    };
    expect(refusal({ before })).toContain('another project than --project accepted it.');
  });

  it('a project whose receipt is missing', () => {
    expect(refusal({ args: ['--project', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'] })).toBe(
      `The image ${BASE} of the manifest is missing from the receipt for eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.`,
    );
  });

  it.each(['manifestProof', 'receiptProof'] as const)('another workflow, in %s', (proof) => {
    const other = 'https://github.com/octo-org/golden-images/.github/workflows/experiment.yml@refs/heads/main';
    const before: Change = (files) => {
      Object.assign(certificateOf(files[proof]), { subjectAlternativeName: other, buildSignerURI: other });
      if (proof === 'receiptProof') files.receipt.jobWorkflowRef = other.replace('https://github.com/', '');
    };
    expect(refusal({ before })).toContain('was attested with the workflow "https://github.com/octo-org/golden-images/');
  });

  it('a workflow whose name only begins like the right one', () => {
    const before: Change = ({ manifestProof }) => {
      const other = `https://github.com/${WORKFLOW}.old.yml@refs/heads/main`;
      Object.assign(certificateOf(manifestProof), { subjectAlternativeName: other, buildSignerURI: other });
    };
    expect(refusal({ before })).toContain('chain-of-custody.yml.old.yml", not with');
  });

  it('a fork', () => {
    const before: Change = ({ manifestProof }) => {
      certificateOf(manifestProof).sourceRepositoryURI = 'https://github.com/mallory/golden-images';
    };
    expect(refusal({ before })).toContain('the repository "https://github.com/mallory/golden-images", not with');
  });

  it('another issuer', () => {
    const before: Change = ({ receiptProof }) => {
      certificateOf(receiptProof).issuer = 'https://token.example.com';
    };
    expect(refusal({ before })).toContain('the issuer "https://token.example.com"');
  });

  it('a result that was edited after it was attested', () => {
    const after: Change = ({ receipt }) => {
      receipt.results[0].owner = OWNER.replace('7', '8');
    };
    expect(refusal({ after })).toMatch(
      /^receipt\.json has the SHA-256 [0-9a-f]{64}, which its attestation does not name/,
    );
  });

  it('a manifest that was edited after it was attested', () => {
    const after: Change = ({ manifest, receipt, receiptProof }) => {
      manifest.builds[1].artifact_id = STRANGER;
      receipt.manifests[0].sha256 = digestOf(manifest);
      statementOf(receiptProof).subject[0].digest.sha256 = digestOf(receipt);
      statementOf(receiptProof).predicate = structuredClone(receipt);
    };
    expect(refusal({ after })).toMatch(/^packer-manifest\.json has the SHA-256 [0-9a-f]{64}, which its attestation/);
  });

  it('a predicate that is not the receipt', () => {
    const after: Change = ({ receiptProof }) => {
      statementOf(receiptProof).predicate.results[0].owner = 'someone';
    };
    expect(refusal({ after })).toBe(
      'The predicate in the attestation of receipt.json is not the content of that file.',
    );
  });

  it('an image of the manifest that the receipt does not have', () => {
    const before: Change = ({ receipt }) => {
      receipt.results.pop();
    };
    expect(refusal({ before })).toBe(`The image ${WEB} of the manifest is missing from the receipt for ${PROJECT}.`);
  });

  it('a result that was not read back', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[1].verified = false;
    };
    expect(refusal({ before })).toBe(
      `The image ${WEB} in the project "${PROJECT}": its status was not read back from the service.`,
    );
  });

  it('a receipt that is not verified as a whole', () => {
    const before: Change = ({ receipt }) => {
      receipt.verified = false;
    };
    expect(refusal({ before })).toBe('The receipt is not verified: the run did not read back every status.');
  });

  it('a receipt without its manifest', () => {
    const before: Change = ({ receipt }) => {
      receipt.manifests = [];
    };
    expect(refusal({ before })).toBe('The receipt names no manifest, so nothing ties its images to a build.');
  });

  it('a receipt with one manifest more than was given', () => {
    const before: Change = ({ receipt }) => {
      receipt.manifests.push({ path: 'arm/packer-manifest.json', sha256: 'a'.repeat(64) });
    };
    expect(refusal({ before })).toContain('The receipt is about the manifest "arm/packer-manifest.json"');
  });

  it('a manifest more than the receipt is about', () => {
    const more = ['--manifest', 'second.json', '--manifest-attestation', NAMES.manifestProof];
    writeFileSync(join(folder, 'second.json'), '{}');
    expect(refusal({ args: more })).toBe('The receipt is not about the manifest second.json.');
  });

  it('a manifest whose last Packer run built nothing', () => {
    const before: Change = ({ manifest, receipt }) => {
      manifest.last_run_uuid = 'none';
      receipt.results = [];
    };
    expect(refusal({ before })).toBe('The manifests hold no image of their last run.');
  });

  it('a manifest of another cloud', () => {
    const before: Change = ({ manifest, receipt }) => {
      manifest.builds[1].artifact_id = 'eu-west-1:ami-0abc';
      receipt.results[0].image = 'ami-0abc';
    };
    expect(refusal({ before })).toBe('packer-manifest.json names "ami-0abc", which is not an image ID.');
  });

  it('a receipt of a later schema', () => {
    const before: Change = ({ receipt }) => {
      receipt.schemaVersion = 2;
    };
    expect(refusal({ before })).toBe('The receipt has the schemaVersion 2, not 1.');
  });

  it('a certificate whose identity is not its workflow', () => {
    const before: Change = ({ manifestProof }) => {
      certificateOf(manifestProof).subjectAlternativeName =
        'https://github.com/mallory/images/.github/workflows/x.yml@main';
    };
    expect(refusal({ before })).toContain('was attested with the identity "https://github.com/mallory/images/');
  });

  it('a receipt about the status rejected', () => {
    const before: Change = ({ receipt }) => {
      receipt.status = 'rejected';
      for (const result of receipt.results) result.current = 'rejected';
    };
    expect(refusal({ before })).toBe('The receipt is about the status "rejected", not about accepted.');
  });

  it('a membership that is rejected, although the receipt says success', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[0].current = 'rejected';
    };
    expect(refusal({ before })).toContain('its status is "rejected" ("updated"), not accepted.');
  });

  it('a plan', () => {
    const before: Change = ({ receipt }) => {
      receipt.mode = 'plan';
    };
    expect(refusal({ before })).toBe('The receipt is of the mode "plan", which accepts nothing.');
  });

  it('an outcome other than success', () => {
    const before: Change = ({ receipt }) => {
      receipt.outcome = 'partial';
    };
    expect(refusal({ before })).toBe('The receipt has the outcome "partial", not success.');
  });

  it('a re-run of another commit', () => {
    const before: Change = ({ receipt, receiptProof }) => {
      receipt.commit = OTHER_COMMIT;
      certificateOf(receiptProof).sourceRepositoryDigest = OTHER_COMMIT;
    };
    expect(refusal({ before })).toBe(
      `receipt.json was attested with the commit "${OTHER_COMMIT}", not with "${COMMIT}".`,
    );
  });

  it('a receipt of another commit, run, attempt or workflow that this run attested', () => {
    const foreign: Record<string, unknown>[] = [
      { commit: OTHER_COMMIT },
      { runUrl: RUN.replace('188', '189') },
      { runAttempt: 2 },
      { workflow: WORKFLOW.replace('chain', 'train') },
      { workflow: null },
      { jobWorkflowRef: `${WORKFLOW}@refs/heads/other` },
    ];
    for (const fields of foreign) {
      const before: Change = ({ receipt }) => Object.assign(receipt, fields);
      expect(refusal({ before })).toMatch(/^The receipt is of the (commit|workflow run|workflow|job) "/);
    }
  });

  it.each(Object.keys(NAMES) as (keyof Files)[])('a truncated file: %s', (truncate) => {
    expect(refusal({ truncate })).toBe(`${NAMES[truncate]} is not complete JSON: it is truncated or damaged.`);
  });

  it('a manifest that gh did not verify', () => {
    const after: Change = (files) => {
      files.manifestProof = [];
    };
    expect(refusal({ after })).toContain('holds no attestation: gh attestation verify did not succeed.');
  });

  it('a bundle in place of what gh printed', () => {
    const after: Change = (files) => {
      files.receiptProof = [files.receiptProof[0].attestation.bundle];
    };
    expect(refusal({ after })).toContain('this is not what gh prints after it verified one.');
  });

  it('an attestation of another predicate type, such as provenance of the receipt', () => {
    const after: Change = ({ receiptProof }) => {
      statementOf(receiptProof).predicateType = 'https://slsa.dev/provenance/v1';
    };
    expect(refusal({ after })).toContain('has the predicate type "https://slsa.dev/provenance/v1"');
  });

  it('files of another shape', () => {
    expect(refusal({ before: ({ receipt }) => Object.assign(receipt, { results: null }) })).toContain(
      'A file has an unexpected shape',
    );
    expect(refusal({ before: ({ manifest }) => Object.assign(manifest, { builds: {} }) })).toContain(
      'not a Packer manifest',
    );
  });

  it('hostile text, which it prints as plain ASCII on one line', () => {
    const before: Change = ({ receipt }) => {
      receipt.results[0].image = 'x\n::error::\u001b[31m\u202egolden\u0085';
    };
    expect(refusal({ before })).toContain('"x\\n::error::\\u001b[31m?golden?"');
  });
});

describe('custody: how it is called', () => {
  it('names every mistake at once, and shows the options', () => {
    const { code, error } = audit({ drop: '--owner', args: ['--images', '[]', '--manifest', 'second.json'] });
    expect(code).toBe(2);
    expect(error).toContain(
      '--owner is missing\neach --manifest needs one --manifest-attestation\n--images holds no image ID',
    );
  });

  it.runIf(process.platform === 'linux')('is what docs/chain-of-custody.md says, with a stand-in for gh', () => {
    audit();
    const recordedProof = (name: string) => join(folder, name.replace('.json', '.recorded.json'));
    for (const name of [NAMES.manifestProof, NAMES.receiptProof]) renameSync(join(folder, name), recordedProof(name));
    copyFileSync(SCRIPT, join(folder, 'verify.mjs'));
    const gh = [
      '#!/bin/sh -e',
      'echo "$@" >> gh.log',
      'case $2 in',
      '  download) touch "sha256:$(sha256sum "$3" | cut -d " " -f 1).jsonl" ;;',
      '  trusted-root) echo "{}" ;;',
      '  verify) cat "$(basename "$3" .json).attestation.recorded.json" ;;',
      'esac',
    ];
    writeFileSync(join(folder, 'gh'), gh.join('\n'), { mode: 0o755 });
    const page = readFileSync(join(ROOT, 'docs/chain-of-custody.md'), 'utf8');
    const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text).join('');
    const env = { PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH']}` };
    const run = spawnSync('sh', ['-e', '-u', '-c', commands], { cwd: folder, env, encoding: 'utf8' });
    expect({ code: run.status, error: run.stderr }).toEqual({ code: 0, error: '' });
    expect(run.stdout).toContain(`release   ${BASE}\n`);
    const verified = readFileSync(join(folder, 'gh.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(' verify '));
    expect(verified).toEqual([
      expect.stringMatching(
        / packer-manifest\.json .*--custom-trusted-root .*--bundle packer-manifest\.bundle\.jsonl$/,
      ),
      expect.stringMatching(
        / receipt\.json .*--custom-trusted-root .*--predicate-type .*--bundle receipt\.bundle\.jsonl$/,
      ),
    ]);
  });

  it('uses the predicate type that the example attests', () => {
    const workflow: Json = parse(readFileSync(join(ROOT, 'examples/chain-of-custody.yml'), 'utf8'));
    const steps = Object.values<Json>(workflow.jobs).flatMap((job) => job.steps);
    const types = steps.map((step) => step.with?.['predicate-type']).filter((type) => type !== undefined);
    expect(types).toEqual([statementOf(recorded('receiptProof')).predicateType]);
  });
});
