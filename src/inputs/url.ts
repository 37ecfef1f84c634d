/**
 * Base URLs of services. Credentials are sent there, so the parser is strict about anything that could send them elsewhere.
 */
import { isLoopback, urlOf } from '../values.ts';
import { isQuoted, NO_QUOTES } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

/** parseImsEndpoint reads the base URL of the image service: scheme and host, no path. Gives it without a trailing slash. */
export function parseImsEndpoint(text: string): Parsed<string> {
  return parseBase(text, /^\/$/, 'https://ims.eu-de.otc.t-systems.com');
}

/** parseAuthUrl reads the base URL of IAM, with or without `/v3`. Gives it without `/v3` and without a trailing slash. */
export function parseAuthUrl(text: string): Parsed<string> {
  return parseBase(text, /^\/(v3\/?)?$/, 'https://iam.eu-de.otc.t-systems.com/v3');
}

function parseBase(text: string, path: RegExp, example: string): Parsed<string> {
  const shown = withoutCredentials(text);
  if (isQuoted(text)) return wrong(shown, NO_QUOTES);
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
  if (!path.test(url.pathname)) return wrong(shown, `${expected}, without any other path: write \`${url.origin}\`.`);
  return right(url.origin);
}

/** A URL with a password in it must not reach a log, and a query may hold a token. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?[\s\S]*@/i, '$1***@').replace(/[?#][\s\S]*$/, '?…');
}
