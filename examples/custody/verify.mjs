#!/usr/bin/env node
/**
 * Compares a Packer manifest and the receipt of ims-members-action with what `gh attestation verify --format json` printed
 * for each of them, and refuses the first difference with one sentence.
 *
 * It checks no signature itself: gh does. Run gh yourself, save its output, and give this script only output that you saw
 * gh write. How to: docs/chain-of-custody.md. Needs Node.js 20 or later.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';

/** Predicate type of the manifest's attestation: build provenance, the default of actions/attest. */
const PROVENANCE = 'https://slsa.dev/provenance/v1';
/** Predicate type of the receipt's attestation, as in the workflow. The predicate is the receipt itself. */
const RECEIPT = 'https://github.com/org/ims-members-action/receipt/v1';
const ISSUER = 'https://token.actions.githubusercontent.com';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const USAGE = `node verify.mjs
  --repository OWNER/NAME          repository that built and accepted the images
  --commit SHA                     commit that was built, 40 hex digits
  --workflow OWNER/NAME/PATH       workflow that attested, as in gh's --signer-workflow
  --project ID                     project that accepted the images; repeat for several
  --owner ID                       project that owns the images; repeat for several
  --manifest FILE                  Packer manifest; repeat for several
  --manifest-attestation FILE      what gh printed for it, in the same order
  --receipt FILE                   the action's results-file
  --receipt-attestation FILE       what gh printed for it
  [--images LIST]                  images that the release uses: a JSON array, or IDs separated by commas or blanks
  [--build NAME]                   only these builds of the manifest, as in the input manifest-builds
  [--server URL]                   default https://github.com`;

class Refusal extends Error {}

/** must throws the sentence as a refusal unless the condition is true. */
function must(condition, sentence) {
  if (!condition) throw new Refusal(sentence);
}

/** show quotes foreign text: printable ASCII on one line, so that it cannot forge output. */
function show(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.replace(/[^ -~]/g, '?').slice(0, 300);
}

function load(path) {
  try {
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, sha256, value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    const why = error.code ? `cannot be read: ${error.code}` : 'is not complete JSON: it is truncated or damaged';
    throw new Refusal(`${path} ${why}.`);
  }
}

/** certificateOf gives the certificate of the first attestation that is about this file and holds what is asked. */
function certificateOf(file, attestations, predicateType, asked) {
  const entries = attestations.value;
  must(entries?.length > 0, `${attestations.path} holds no attestation: gh attestation verify did not succeed.`);
  const problems = entries.map((entry) => problemOf(entry?.verificationResult, file, predicateType, asked));
  const good = problems.indexOf(null);
  must(good !== -1, problems[0]);
  return entries[good].verificationResult.signature.certificate;
}

/** problemOf compares one attestation with the file, and its certificate with what is asked. */
function problemOf(verified, file, predicateType, { server, repository, commit, workflow, run }) {
  const { path, sha256, value } = file;
  const certificate = verified?.signature?.certificate;
  const statement = verified?.statement;
  if (!certificate || !statement || !(verified.verifiedTimestamps?.length > 0))
    return `The attestation of ${path} has no verified certificate, statement and timestamp: this is not what gh prints after it verified one.`;
  if (statement.predicateType !== predicateType)
    return `The attestation of ${path} has the predicate type ${show(statement.predicateType)}, not ${predicateType}.`;
  if (!statement.subject?.some(({ digest }) => digest?.sha256 === sha256))
    return `${path} has the SHA-256 ${sha256}, which its attestation does not name: the file was changed, or another one was attested.`;
  if (predicateType === RECEIPT && !isDeepStrictEqual(statement.predicate, value))
    return `The predicate in the attestation of ${path} is not the content of that file.`;
  const signer = String(certificate.buildSignerURI).split('@')[0];
  const rules = [
    [certificate.issuer, ISSUER, 'the issuer'],
    [certificate.sourceRepositoryURI, `${server}/${repository}`, 'the repository'],
    [signer, `${server}/${workflow}`, 'the workflow'],
    [certificate.subjectAlternativeName, certificate.buildSignerURI, 'the identity'],
    [certificate.sourceRepositoryDigest, commit, 'the commit'],
    ...(run === undefined ? [] : [[withoutAttempt(certificate.runInvocationURI), run, 'the workflow run']]),
  ];
  const wrong = rules.find(([actual, expected]) => actual !== expected);
  return wrong ? `${path} was attested with ${wrong[2]} ${show(wrong[0])}, not with ${show(wrong[1])}.` : null;
}

function withoutAttempt(url) {
  return String(url).replace(/\/attempts\/\d+$/, '');
}

/** checkOrigin refuses a receipt that was not written by the run that attested it. */
function checkOrigin(receipt, certificate, server) {
  must(receipt.schemaVersion === 1, `The receipt has the schemaVersion ${show(receipt.schemaVersion)}, not 1.`);
  const rules = [
    [receipt.commit, certificate.sourceRepositoryDigest, 'commit'],
    [`${withoutAttempt(receipt.runUrl)}/attempts/${receipt.runAttempt}`, certificate.runInvocationURI, 'workflow run'],
    [`${server}/${receipt.workflow}`, certificate.buildConfigURI, 'workflow'],
  ];
  if (receipt.jobWorkflowRef) rules.push([`${server}/${receipt.jobWorkflowRef}`, certificate.buildSignerURI, 'job']);
  for (const [actual, expected, what] of rules)
    must(actual === expected, `The receipt is of the ${what} ${show(actual)}, but was attested by ${show(expected)}.`);
}

/** checkManifests requires the manifests of the receipt, all of them and no other. */
function checkManifests(receipt, manifests) {
  const named = receipt.manifests ?? [];
  must(named.length > 0, 'The receipt names no manifest, so nothing ties its images to a build.');
  for (const { path, sha256 } of named) {
    const given = manifests.some((manifest) => manifest.sha256 === sha256);
    must(given, `The receipt is about the manifest ${show(path)} with the SHA-256 ${show(sha256)}: give that file.`);
  }
  for (const { path, sha256 } of manifests) {
    const used = named.some((manifest) => manifest.sha256 === sha256);
    must(used, `The receipt is not about the manifest ${path}.`);
  }
}

/** imagesOf gives the images of the manifest's last Packer run, read as the action reads them. */
function imagesOf({ path, value }, names) {
  const packer = Array.isArray(value?.builds) && typeof value.last_run_uuid === 'string';
  must(packer, `${path} has no builds and last_run_uuid: it is not a Packer manifest.`);
  const ids = value.builds
    .filter(({ packer_run_uuid }) => packer_run_uuid === value.last_run_uuid)
    .filter(({ name, builder_type }) => names.length === 0 || names.includes(name) || names.includes(builder_type))
    .flatMap(({ artifact_id }) => String(artifact_id).toLowerCase().split(/[;,]/))
    .map((part) => part.replace(/^[^:]*:/, '').trim())
    .filter((id) => id !== '');
  for (const id of ids) must(UUID.test(id), `${path} names ${show(id)}, which is not an image ID.`);
  return ids;
}

/** checkVerdict requires that the run asked for acceptance, and proved it for everything. */
function checkVerdict({ status, mode, outcome, verified }) {
  must(status === 'accepted', `The receipt is about the status ${show(status)}, not about accepted.`);
  must(mode === 'apply' || mode === 'check', `The receipt is of the mode ${show(mode)}, which accepts nothing.`);
  must(outcome === 'success', `The receipt has the outcome ${show(outcome)}, not success.`);
  must(verified === true, 'The receipt is not verified: the run did not read back every status.');
}

/** checkResults compares every membership: image, project, owner, status, proof. */
function checkResults(results, images, { projects, owners }) {
  for (const { image, project, owner, current, outcome, verified } of results) {
    must(images.includes(image), `The image ${show(image)} of the receipt is in no manifest's last run.`);
    const where = `The image ${image} in the project ${show(project)}`;
    must(projects.includes(project), `${where}: another project than --project accepted it.`);
    must(owners.includes(owner), `${where}: its owner is ${show(owner)}, not --owner.`);
    must(verified === true, `${where}: its status was not read back from the service.`);
    const accepted = current === 'accepted' && (outcome === 'updated' || outcome === 'unchanged');
    must(accepted, `${where}: its status is ${show(current)} (${show(outcome)}), not accepted.`);
  }
  for (const project of projects) {
    const served = results.filter((result) => result.project === project).map(({ image }) => image);
    for (const id of images)
      must(served.includes(id), `The image ${id} of the manifest is missing from the receipt for ${project}.`);
  }
}

/** verify gives the lines of the chain, or refuses. */
function verify(asked) {
  const receipt = load(asked.receipt);
  const manifests = asked.manifests.map(load);
  const [receiptProof, manifestProofs] = [load(asked.receiptAttestation), asked.manifestAttestations.map(load)];

  const certificate = certificateOf(receipt, receiptProof, RECEIPT, asked);
  checkOrigin(receipt.value, certificate, asked.server);
  checkManifests(receipt.value, manifests);
  const run = withoutAttempt(certificate.runInvocationURI);
  manifests.forEach((file, index) => {
    certificateOf(file, manifestProofs[index], PROVENANCE, { ...asked, run });
  });
  const images = [...new Set(manifests.flatMap((file) => imagesOf(file, asked.builds)))];
  must(images.length > 0, 'The manifests hold no image of their last run.');
  checkVerdict(receipt.value);
  checkResults(receipt.value.results, images, asked);
  for (const id of asked.images) must(images.includes(id), `The release uses ${id}, which this run did not accept.`);

  return [
    `commit    ${asked.commit} of ${asked.repository}`,
    `run       ${certificate.runInvocationURI}`,
    ...manifests.map(({ path, sha256 }) => `manifest  ${path} sha256:${sha256}`),
    `receipt   ${receipt.path} sha256:${receipt.sha256}`,
    ...receipt.value.results.map(
      ({ image, owner, project, outcome }) => `image     ${image} of ${owner}, accepted in ${project} (${outcome})`,
    ),
    asked.images.length === 0 ? 'release   not compared: no --images' : `release   ${asked.images.join(' ')}`,
    'The files agree with the attestations. Their signatures were checked by gh, not by this script.',
  ];
}

/** listOf reads what the action's output `images` holds, or IDs separated by commas or blanks. */
function listOf(text) {
  const list = text.trim().startsWith('[') ? JSON.parse(text) : text.split(/[\s,]+/).filter((id) => id !== '');
  return list.map((id) => String(id).toLowerCase());
}

/** readArguments gives what is asked, or all mistakes at once. */
function readArguments() {
  const [one, many] = [{ type: 'string' }, { type: 'string', multiple: true, default: [] }];
  const { values } = parseArgs({
    options: {
      ...{ repository: one, commit: one, workflow: one, receipt: one, 'receipt-attestation': one, images: one },
      ...{ project: many, owner: many, manifest: many, 'manifest-attestation': many, build: many },
      server: { ...one, default: 'https://github.com' },
    },
  });
  const needed = ['repository', 'commit', 'workflow', 'project', 'owner', 'manifest', 'receipt', 'receipt-attestation'];
  const mistakes = needed.filter((name) => !values[name]?.length).map((name) => `--${name} is missing`);
  if (values.manifest.length !== values['manifest-attestation'].length)
    mistakes.push('each --manifest needs one --manifest-attestation');
  if (values.commit && !/^[0-9a-f]{40}$/.test(values.commit)) mistakes.push('--commit is not 40 hex digits');
  const images = listOf(values.images ?? '');
  for (const id of images) if (!UUID.test(id)) mistakes.push(`--images holds ${show(id)}, which is not an image ID`);
  if (values.images !== undefined && images.length === 0) mistakes.push('--images holds no image ID');
  if (mistakes.length > 0) throw new TypeError(`${mistakes.join('\n')}\n\n${USAGE}`);
  const { project: projects, owner: owners, manifest: manifests, build: builds, ...rest } = values;
  const attestations = {
    receiptAttestation: values['receipt-attestation'],
    manifestAttestations: values['manifest-attestation'],
  };
  return { ...rest, ...attestations, projects, owners, manifests, builds, images };
}

/** run ends with 0 if everything agrees, 1 after a refusal, and 2 if it was called wrongly. */
function run() {
  let asked;
  try {
    asked = readArguments();
  } catch (error) {
    console.error(error.message);
    return 2;
  }
  try {
    console.log(verify(asked).join('\n'));
    return 0;
  } catch (error) {
    const why = error instanceof Refusal ? error.message : `A file has an unexpected shape: ${error.message}.`;
    console.error(`Refused: ${why}`);
    return 1;
  }
}

process.exitCode = run();
