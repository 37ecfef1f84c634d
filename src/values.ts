/**
 * Questions about plain values that several folders ask; each has one answer.
 */

import type { ImageResult } from './model.ts';

/**
 * isProjectId distinguishes a project's ID from its name: IDs are 32 hexadecimal digits, with dashes in some editions, and names begin with
 * the region (OTC IAM API reference, Querying Projects).
 */
export function isProjectId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text.replaceAll('-', ''));
}

/** UUID is the pattern of a UUID. */
export const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const WHOLE_UUID = new RegExp(`^${UUID}$`, 'i');

/** uuidOf gives a UUID in lower case; null for everything else. */
export function uuidOf(text: string): string | null {
  return WHOLE_UUID.test(text) ? text.toLowerCase() : null;
}

const METHOD_TITLES: Readonly<Record<string, string>> = {
  aksk: 'AK/SK',
  oidc: 'OIDC',
  'application-credential': 'application credential',
};

/** methodTitle is what people call a method of logging in. */
export function methodTitle(method: string): string {
  return METHOD_TITLES[method] ?? method;
}

/** isAccountId returns whether a text looks like the ID of an account: 32 hexadecimal digits. */
export function isAccountId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/**
 * isLoopback returns whether a host is this machine. Takes the `hostname` of a URL, which has brought every spelling of an IPv4
 * address to four numbers and of an IPv6 address to its shortest form.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** jsonOf parses JSON; undefined if the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fieldOf gives a field of an object; undefined for anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** isOlder compares versions of Node by their first two numbers. */
export function isOlder(version: string, [first, second]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < first || (major === first && minor < second);
}

/** urlOf parses an absolute URL; null if the text is not one. */
export function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** hasStatus returns whether an image has the requested status, as far as the run knows. */
export function hasStatus({ outcome }: Pick<ImageResult, 'outcome'>): boolean {
  return outcome === 'updated' || outcome === 'unchanged';
}

/** isPublic returns whether every project can use an image of this visibility, so that there is nothing to accept (`community` is Glance's). */
export function isPublic(visibility: string | null): boolean {
  return visibility === 'public' || visibility === 'community';
}

/** usabilityOf judges an image's own status: only `active` can be used; an unknown status counts as usable. */
export function usabilityOf(imageStatus: string | null): 'usable' | 'on-its-way' | 'unusable' {
  if (imageStatus === null || imageStatus === 'active') return 'usable';
  return /^(queued|saving|uploading|importing)$/.test(imageStatus) ? 'on-its-way' : 'unusable';
}

/** nounFor gives a regular noun in the number of what it counts. */
export function nounFor(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** plural counts things in words. */
export function plural(count: number, noun: string): string {
  return `${count} ${nounFor(count, noun)}`;
}

/** someOf lists the first of many and counts the rest. */
export function someOf(items: readonly string[], most: number): string {
  return `${items.slice(0, most).join(', ')}${items.length > most ? ` and ${items.length - most} more` : ''}`;
}
