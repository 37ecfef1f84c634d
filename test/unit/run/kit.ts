/**
 * A configuration as the inputs give it, to vary.
 */
import type { Config } from '../../../src/config.ts';
import { Secret } from '../../../src/secret.ts';

export function config(fields: Partial<Config> = {}): Config {
  return {
    selection: { by: 'ids', manifests: [], ids: ['i0'] },
    status: 'accepted',
    mode: 'apply',
    api: 'ims',
    projects: ['eu-de_team'],
    projectSource: 'project',
    unconfirmed: [],
    vaults: new Map(),
    region: 'eu-de',
    imsEndpoint: null,
    authUrl: null,
    credentials: { method: 'token', token: new Secret('t0ken') },
    agency: null,
    login: { method: 'token', sources: ['token'], host: null },
    hints: { login: [], project: '', region: '', certificate: '' },
    requireProof: false,
    trustedOwners: [],
    shareTimeout: 120_000,
    timeout: 600_000,
    requestTimeout: 30_000,
    pollInterval: null,
    retries: 5,
    wait: true,
    reporting: { summary: true, resultsFile: null, commitStatus: null },
    notes: [],
    warnings: [],
    ...fields,
  };
}
