/**
 * Reading: from the environment to a configuration, or to every mistake at once. Nothing is sent and nothing is written here.
 */

import type { Config, Reading } from '../config.ts';
import type { Api, Mode, TargetStatus } from '../model.ts';
import { regionOf } from '../regions.ts';
import type { Secrets } from '../secret.ts';
import { type AgencyReading, readAgency } from './agency-inputs.ts';
import { parseApi } from './api.ts';
import { checkEnvironment } from './environment.ts';
import { IMS_LOGIN } from './families.ts';
import { type Env, InputReader } from './input-reader.ts';
import { parseOwners } from './list.ts';
import { type LoginChoice, readLogin } from './login.ts';
import { checkDomains, loginHints, projectHint, warnOfInsecure } from './login-hints.ts';
import { readOpenStack, refuseOpenStackInputs } from './openstack.ts';
import { choice, parseBoolean, parseDuration, parseRetries } from './parse.ts';
import { type Place, readPlace } from './place.ts';
import { checkProxies } from './proxy.ts';
import { readReporting } from './reporting.ts';
import { readSelection } from './selection.ts';
import { readTimeouts } from './timeouts.ts';
import { unread } from './unread-variables.ts';
import { parseVaults } from './vaults.ts';

const STATUSES = {
  accepted: 'accepted',
  rejected: 'rejected',
  accept: 'accepted',
  reject: 'rejected',
} as const satisfies Record<string, TargetStatus>;
const MODES = { apply: 'apply', plan: 'plan', check: 'check' } as const satisfies Record<string, Mode>;

/**
 * readInputs reads all inputs and the variables that may stand in for them. Every secret is hidden in the statement
 * that reads it, even if something else is wrong. Never throws, whatever the user gives.
 * @param env the process's environment; relative paths are resolved against its GITHUB_WORKSPACE, or the working directory
 * @param now milliseconds since the epoch
 * @param nodeVersion the version of Node that runs the action
 */
export function readInputs(env: Env, secrets: Secrets, now: number, nodeVersion = process.versions.node): Reading {
  const reader = new InputReader(env, secrets);
  const workspace = reader.variable('GITHUB_WORKSPACE') ?? process.cwd();
  const api = reader.parse('api', parseApi);
  const { login, agency, place } =
    api === 'openstack' ? { ...readOpenStack(reader), agency: NO_AGENCY } : readIms(reader, api);
  warnOfInsecure(reader);
  const status = reader.parse('status', choice<TargetStatus>(STATUSES));
  const mode = reader.parse('mode', choice<Mode>(MODES));
  const { selection, notes, warnings } = readSelection(reader, { workspace, status, mode, now });
  const trustedOwners =
    reader.parse('trusted-owners', (text) => parseOwners(text, (owner) => regionOf(owner) !== null)) ?? [];
  const vaults = api === 'openstack' ? null : reader.parse('vault', (text) => parseVaults(text, place.projects));
  const reporting = readReporting(reader, workspace);
  const needed = {
    selection,
    status,
    mode,
    api,
    projects: place.projects,
    credentials: login.credentials,
    ...readTimeouts(reader, mode === 'apply' && status === 'accepted' && reader.given('match-name') === null),
    requestTimeout: reader.parse('request-timeout', parseDuration(1)),
    retries: reader.parse('retries', parseRetries),
    wait: readWait(reader, api),
    requireProof: reader.parse('require-proof', parseBoolean),
  };
  checkProxies(reader, env, nodeVersion);
  checkEnvironment(reader, env);
  const pollInterval = reader.parse('poll-interval', parseDuration(1));
  if (reader.count === 0 && isComplete<Needed>(needed)) {
    const { region, imsEndpoint, authUrl, projectSource, unconfirmed } = place;
    const rest = {
      region,
      imsEndpoint,
      authUrl,
      projectSource,
      unconfirmed,
      vaults: vaults ?? { form: 'none' as const },
      agency: agency.agency,
    };
    const trace = { method: needed.credentials.method, sources: login.sources, host: null };
    const hints = {
      login: loginHints(reader, login),
      project: projectHint(reader, login),
      region: unread(reader, 'region'),
      certificate: unread(reader, 'certificate').trim(),
    };
    return {
      ok: true,
      config: {
        ...needed,
        ...rest,
        login: trace,
        hints,
        trustedOwners,
        pollInterval,
        reporting,
        notes: [...notes, ...reader.notes],
        warnings: [...warnings, ...reader.warnings],
      },
    };
  }
  const images = selection?.by === 'ids' ? selection.ids : [];
  return {
    ok: false,
    mistakes: reader.mistakes(),
    known: { status, mode, images, projects: place.projects ?? [], reporting, warnings: reader.warnings },
  };
}

const NO_AGENCY: AgencyReading = { agency: null, wanted: false };

/** @param api null if it is wrong: then nothing is known of what goes with it */
function readIms(reader: InputReader, api: Api | null): { login: LoginChoice; agency: AgencyReading; place: Place } {
  if (api !== null) refuseOpenStackInputs(reader);
  const login = readLogin(reader, IMS_LOGIN);
  const agency = readAgency(reader, login);
  const place = readPlace(reader, login, agency);
  checkDomains(reader, login, agency);
  return { login, agency, place };
}

function readWait(reader: InputReader, api: Api | null): boolean | null {
  const wait = reader.parse('wait', parseBoolean);
  if (wait === false && api === 'openstack')
    reader.mistake(
      'wait',
      reader.given('wait'),
      'On plain OpenStack a change is done as soon as it is answered, so there is nothing to wait for: leave `wait` out.',
    );
  return wait;
}

type Needed = Pick<
  Config,
  | 'selection'
  | 'status'
  | 'mode'
  | 'api'
  | 'projects'
  | 'credentials'
  | 'shareTimeout'
  | 'timeout'
  | 'requestTimeout'
  | 'retries'
  | 'wait'
  | 'requireProof'
>;

/** Whatever is null here has left a mistake behind. */
function isComplete<T>(parts: { readonly [K in keyof T]: T[K] | null }): parts is { readonly [K in keyof T]: T[K] } {
  return Object.values(parts).every((part) => part !== null);
}
