/**
 * Reading: from the environment to a configuration, or to every mistake at once. Nothing is sent and nothing is written here.
 */
import type { Reading } from '../config.ts';
import type { Mode, TargetStatus } from '../model.ts';
import type { Secrets } from '../secret.ts';
import { CUT, type Env, InputReader } from './input-reader.ts';
import { parseOwners } from './list.ts';
import { readLogin } from './login.ts';
import { checkDomains, readHints, warnOfInsecure } from './login-hints.ts';
import { readKeystonePlace, refuseOthers } from './openstack.ts';
import { choice, complete, parseBoolean, parseDuration, parseRetries } from './parse.ts';
import { readPlace } from './place.ts';
import { readProjects } from './projects.ts';
import { checkProxies } from './proxy.ts';
import { readReporting } from './reporting.ts';
import { readSelection } from './selection.ts';
import { specOf } from './table.ts';
import { parseVaults } from './vaults.ts';

const STATUSES = { accepted: 'accepted', rejected: 'rejected', accept: 'accepted', reject: 'rejected' } as const;

/**
 * readInputs reads all inputs and the variables that may stand in for them. Every secret is hidden in the statement
 * that reads it, even if something else is wrong. Never throws, whatever the user gives.
 * @param env the process's environment; relative paths are resolved against its GITHUB_WORKSPACE, or the working directory
 * @param now milliseconds since the epoch
 * @param nodeVersion the version of Node that runs the action
 */
export function readInputs(env: Env, secrets: Secrets, now: number, nodeVersion = process.versions.node): Reading {
  const reader = new InputReader(env, secrets);
  const { api } = reader;
  const workspace = reader.variable('GITHUB_WORKSPACE') ?? process.cwd();
  // If `api` is wrong, nothing is known of what goes with it.
  if (reader.count === 0) refuseOthers(reader);
  const login = readLogin(reader);
  const chosen = readProjects(reader, login);
  const place = api === 'openstack' ? readKeystonePlace(reader, login) : readPlace(reader, login, chosen);
  if (api === 'ims') checkDomains(reader, login);
  warnOfInsecure(reader);
  const { projects, projectSource, unconfirmed } = chosen;
  const status = reader.parse('status', choice<TargetStatus>(STATUSES));
  const mode = reader.parse('mode', choice<Mode>({ apply: 'apply', plan: 'plan', check: 'check' }));
  const selection = readSelection(reader, { workspace, status, mode, now });
  const trustedOwners = reader.parse('trusted-owners', parseOwners) ?? [];
  const vaults = api === 'openstack' ? null : reader.parse('vault', (text) => parseVaults(text, projects));
  const reporting = readReporting(reader, workspace);
  const needed = complete({
    selection,
    status,
    mode,
    api,
    projects,
    credentials: login.credentials,
    ...readTimeouts(reader, mode === 'apply' && status === 'accepted' && reader.given('match-name') === null),
    requestTimeout: reader.parse('request-timeout', parseDuration(1)),
    retries: reader.parse('retries', parseRetries),
    wait: readWait(reader),
    requireProof: reader.parse('require-proof', parseBoolean),
  });
  const pollInterval = reader.parse('poll-interval', parseDuration(1));
  checkEnvironment(reader);
  checkProxies(reader, env, nodeVersion);
  if (reader.count === 0 && needed !== null) {
    return {
      ok: true,
      config: {
        ...needed,
        ...place,
        projectSource,
        unconfirmed,
        vaults: vaults ?? new Map(),
        agency: login.agency,
        login: { method: needed.credentials.method, sources: login.sources, host: null },
        hints: readHints(reader, login),
        trustedOwners,
        pollInterval,
        reporting,
        notes: reader.notes,
        warnings: reader.warnings,
      },
    };
  }
  const images = selection?.by === 'ids' ? selection.ids : [];
  return {
    ok: false,
    mistakes: reader.mistakes(),
    known: { status, mode, images, projects: projects ?? [], reporting, warnings: reader.warnings },
  };
}

/**
 * `share-timeout` is a part of `timeout`. If it equals its default, it counts as unset and is shortened to `timeout`: the runner hands over
 * the default as if it was given, and so do workflows that pass their own inputs on.
 * @param waits whether the run may wait for shares at all
 */
function readTimeouts(reader: InputReader, waits: boolean) {
  const timeout = reader.parse('timeout', parseDuration(1));
  const shareTimeout = reader.parse('share-timeout', parseDuration(0));
  if (timeout === null || shareTimeout === null) return { timeout, shareTimeout };
  const standard = parseDuration(0)(specOf('share-timeout')?.default ?? '');
  const isGiven = !standard.ok || standard.value !== shareTimeout;
  if (waits && isGiven && shareTimeout > timeout) {
    reader.mistake(
      'share-timeout',
      reader.given('share-timeout'),
      `Expected no more than \`timeout\`, which is \`${reader.given('timeout') ?? specOf('timeout')?.default}\` for the whole run: raise \`timeout\`, or lower this.`,
    );
  }
  return { timeout, shareTimeout: Math.min(shareTimeout, timeout) };
}

function readWait(reader: InputReader): boolean | null {
  const wait = reader.parse('wait', parseBoolean);
  if (wait === false && reader.api === 'openstack')
    reader.mistake(
      'wait',
      reader.given('wait'),
      'On plain OpenStack a change is done as soon as it is answered, so there is nothing to wait for: leave `wait` out.',
    );
  return wait;
}

/** Mistakes and warnings about the environment as a whole, rather than about one input. */
function checkEnvironment(reader: InputReader): void {
  if (reader.isCut)
    reader.mistake(
      CUT,
      null,
      'Not one of them has arrived, neither `trusted-owners` nor any other, although inputs without a hyphen have. Something between the runner and the action has dropped them: POSIX shells such as dash remove variables with a hyphen in their names. Let the runner start Node without such a shell in between, for example as the entry point of a container.',
    );
  if (reader.short.size > 0)
    reader.warn(
      `${[...reader.short].map((name) => `\`${name}\``).join(', ')}: a secret of fewer than 6 characters, or with such a line in it. The runner masks it in every line and drops outputs that contain it, such as \`true\`. Use a longer secret, and store JSON in one line.`,
    );
}
