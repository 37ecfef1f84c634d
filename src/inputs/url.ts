/**
 * Base URLs of services. Credentials are sent there, so the parser is strict about anything that could send them elsewhere.
 */
import { isLoopback, urlOf } from '../values.ts';
import { type Parsed, right, wrong } from './parse.ts';

/** parseImsEndpoint reads the base URL of the image service: scheme and host, no path. Gives it without a trailing slash. */
export function parseImsEndpoint(text: string): Parsed<string> {
  return parseBase(text, 'https://ims.eu-de.otc.t-systems.com', /^\/$/);
}

/** parseAuthUrl reads the base URL of IAM, with or without `/v3`. Gives it without `/v3` and without a trailing slash. */
export function parseAuthUrl(text: string): Parsed<string> {
  return parseBase(text, 'https://iam.eu-de.otc.t-systems.com/v3', /^\/(v3\/?)?$/, /\/v3$/);
}

const ANY_PATH = /^(\/[\w.~-]+)*\/*$/;

/** parseGlanceUrl reads the base URL of Glance, which may have a path, with or without `/v2`. Gives it without `/v2` and a trailing slash. */
export function parseGlanceUrl(text: string): Parsed<string> {
  return parseBase(text, 'https://cloud.example.com/image', ANY_PATH, /\/v2(\.\d+)?$/);
}

/** parseKeystoneUrl reads the base URL of Keystone, which may have a path, with or without `/v3`. Gives it without `/v3` and a trailing slash. */
export function parseKeystoneUrl(text: string): Parsed<string> {
  const base = parseBase(text, 'https://cloud.example.com/identity/v3', ANY_PATH, /\/v3$/);
  if (!base.ok || !base.value.endsWith('/v2.0')) return base;
  const newer = base.value.replace(/\/v2\.0$/, '/v3');
  return wrong(text, `This is version 2.0 of Keystone's API, which no longer exists: write \`${newer}\`.`);
}

/**
 * Gives a URL without slashes at its end.
 * @param version the end of a path that is left out
 */
function parseBase(text: string, example: string, path: RegExp, version = /$/): Parsed<string> {
  const shown = withoutCredentials(text);
  const expected = `Expected a base URL such as \`${example}\``;
  const url = /\s/.test(text) ? null : urlOf(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    const bare = !text.includes('//') && urlOf(`https://${text}`) !== null && /^[\w.:/-]+$/.test(text);
    return wrong(shown, bare ? `${expected}: write \`https://${text}\`.` : `${expected}.`);
  }
  if (url.username !== '' || url.password !== '' || text.includes('@')) {
    return wrong(shown, `${expected}, without a user name or password in it.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return wrong(
      shown,
      `${expected}: credentials go over \`https\` only, so write \`https://${url.host}\`. Plain \`http\` is for loopback.`,
    );
  }
  if (/[?#]/.test(text)) return wrong(shown, `${expected}, without a query or fragment: write \`${url.origin}\`.`);
  if (!path.test(url.pathname)) {
    const cure =
      path === ANY_PATH
        ? 'with letters, digits and `._~-` only in its path.'
        : `without any other path: write \`${url.origin}\`. For plain OpenStack, set \`api: openstack\`.`;
    return wrong(shown, `${expected}, ${cure}`);
  }
  return right(url.origin + url.pathname.replace(/\/+$/, '').replace(version, ''));
}

/** A URL with a password in it must not reach a log, and a query may hold a token. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-zA-Z][a-zA-Z\d+.-]*:\/\/)?[\s\S]*@/, '$1***@').replace(/[?#][\s\S]*$/, '?…');
}
