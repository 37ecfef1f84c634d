/**
 * The auditor's script refuses properly attested files if their images, owners, projects or results are not what was asked for.
 */
import { describe, expect, it } from 'vitest';
import {
  BASE,
  type Change,
  digestOf,
  NAMES,
  OLD,
  PROJECT,
  refusal,
  STRANGER,
  statementOf,
  WEB,
} from './custody-kit.ts';

describe('custody: decisions that it refuses', () => {
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
    expect(refusal({ args: more, more: { 'second.json': '{}' } })).toBe(
      'The receipt is not about the manifest second.json.',
    );
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
});
