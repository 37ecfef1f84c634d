/**
 * Stands in for the attestations of GitHub: `attest` records one for $SUBJECT, and `verify`, called as gh calls it, prints the
 * recorded ones that meet the policy. Nothing is signed.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { env } = process;
const digestOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
const recordsOf = (sha256) => join(env.ATTESTATIONS, `${sha256}.jsonl`);

function attest() {
  const sha256 = digestOf(env.SUBJECT);
  const signer = `${env.GITHUB_SERVER_URL}/${env.GITHUB_WORKFLOW_REF}`;
  const repository = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}`;
  const certificate = {
    subjectAlternativeName: signer,
    issuer: 'https://token.actions.githubusercontent.com',
    buildSignerURI: signer,
    runnerEnvironment: 'github-hosted',
    sourceRepositoryURI: repository,
    sourceRepositoryDigest: env.GITHUB_SHA,
    buildConfigURI: signer,
    runInvocationURI: `${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT}`,
  };
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: env.SUBJECT, digest: { sha256 } }],
    predicateType: env.PREDICATE_TYPE,
    predicate: env.PREDICATE === '' ? {} : JSON.parse(readFileSync(env.PREDICATE, 'utf8')),
  };
  const verifiedTimestamps = [{ type: 'TimestampAuthority', uri: '', timestamp: new Date().toISOString() }];
  const verificationResult = { statement, signature: { certificate }, verifiedTimestamps };
  appendFileSync(recordsOf(sha256), `${JSON.stringify({ attestation: { bundle: {} }, verificationResult })}\n`);
}

function verify() {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ repo: text, 'signer-workflow': text, 'source-digest': text, format: text },
      'predicate-type': { ...text, default: 'https://slsa.dev/provenance/v1' },
      'deny-self-hosted-runners': { type: 'boolean' },
    },
  });
  const records = recordsOf(digestOf(positionals.at(-1)));
  const all = existsSync(records) ? readFileSync(records, 'utf8').trim().split('\n').map(JSON.parse) : [];
  const good = all.filter(({ verificationResult: { statement, signature } }) => {
    const { buildSignerURI, sourceRepositoryURI, sourceRepositoryDigest } = signature.certificate;
    return (
      statement.predicateType === values['predicate-type'] &&
      sourceRepositoryURI === `https://github.com/${values.repo}` &&
      buildSignerURI.startsWith(`https://github.com/${values['signer-workflow']}`) &&
      sourceRepositoryDigest === values['source-digest']
    );
  });
  if (!env.GH_TOKEN || good.length === 0) throw new Error('✗ No attestations match the policy');
  if (values.format === 'json') console.log(JSON.stringify(good));
}

if (process.argv[2] === 'attest') attest();
else verify();
