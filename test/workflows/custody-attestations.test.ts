/**
 * The auditor's script refuses files that are not what the right workflow attested in the right run.
 */
import { describe, expect, it } from 'vitest';
import {
  type Change,
  COMMIT,
  certificateOf,
  digestOf,
  type Files,
  NAMES,
  OTHER_COMMIT,
  OWNER,
  RUN,
  refusal,
  STRANGER,
  statementOf,
  WORKFLOW,
} from './custody-kit.ts';

describe('custody: attestations that it refuses', () => {
  it("an older run's manifest that the accepting run was given, although it was attested", () => {
    const older = 'https://github.com/octo-org/golden-images/actions/runs/19700000001';
    const before: Change = ({ manifestProof }) => {
      certificateOf(manifestProof).runInvocationURI = `${older}/attempts/1`;
    };
    expect(refusal({ before })).toBe(
      `packer-manifest.json was attested with the workflow run "${older}", not with "${RUN}".`,
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
