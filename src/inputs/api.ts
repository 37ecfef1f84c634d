/**
 * Which API the cloud offers, which decides about most other inputs.
 */
import type { Api } from '../model.ts';
import type { InputReader } from './input-reader.ts';
import { choice } from './parse.ts';

/** parseApi reads the input `api`. */
export const parseApi = choice<Api>({ ims: 'ims', openstack: 'openstack' });

/** apiOf gives the API that was given, or the default; null if it is wrong. */
export function apiOf(reader: InputReader): Api | null {
  const api = parseApi(reader.given('api') ?? reader.defaultOf('api'));
  return api.ok ? api.value : null;
}
