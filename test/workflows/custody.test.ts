/**
 * The auditor's script, examples/custody/verify.mjs: what it accepts, how it is called, and that the documentation's commands work.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  audit,
  BASE,
  type Change,
  COMMIT,
  certificateOf,
  digestOf,
  type Json,
  NAMES,
  OLD,
  OTHER_COMMIT,
  OWNER,
  PROJECT,
  ROOT,
  RUN,
  recorded,
  SCRIPT,
  statementOf,
  WEB,
} from './custody-kit.ts';

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

describe('custody: how it is called', () => {
  it('names every mistake at once, and shows the options', () => {
    const { code, error } = audit({ drop: '--owner', args: ['--images', '[]', '--manifest', 'second.json'] });
    expect(code).toBe(2);
    expect(error).toContain(
      '--owner is missing\neach --manifest needs one --manifest-attestation\n--images holds no image ID',
    );
  });

  it.runIf(process.platform === 'linux')('is what docs/chain-of-custody.md says, with a stand-in for gh', () => {
    const { folder } = audit();
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
