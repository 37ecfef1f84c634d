import { describe, expect, it } from 'vitest';
import { type Env, InputReader } from '../../../src/inputs/input-reader.ts';
import { checkProxies, readProxies } from '../../../src/inputs/proxy.ts';
import { SecretRegistry } from '../../../src/secret.ts';

function mistakes(env: Env, version = '24.5.0'): string[] {
  const reader = new InputReader(env, new SecretRegistry(() => {}));
  checkProxies(reader, env, version);
  expect(reader.mistakes().every(({ value }) => value === null)).toBe(true);
  return reader.mistakes().map(({ input }) => input);
}

it('hides the password of a proxy, alone and as it travels', () => {
  const book = new SecretRegistry(() => {});
  checkProxies(
    new InputReader({ HTTPS_PROXY: 'http://corp%40user:s3%2Fcret@proxy.corp:3128' }, book),
    { HTTPS_PROXY: 'http://corp%40user:s3%2Fcret@proxy.corp:3128' },
    '24.5.0',
  );
  const basic = Buffer.from('corp@user:s3/cret').toString('base64');
  expect(book.redact(`s3/cret ${basic} corp@user`)).toMatch(/^\*\*\* \*\*\*=* corp@user$/);
});

describe('readProxies', () => {
  it('prefers lower case, as Node does, and skips what is blank', () => {
    const env = {
      https_proxy: 'http://a',
      HTTPS_PROXY: 'http://b',
      http_proxy: ' ',
      HTTP_PROXY: 'http://c',
      no_proxy: 'x',
    };
    expect(readProxies(env)).toEqual({ HTTPS_PROXY: 'http://a', HTTP_PROXY: 'http://c', NO_PROXY: 'x' });
    expect(readProxies({})).toEqual({ HTTPS_PROXY: undefined, HTTP_PROXY: undefined, NO_PROXY: undefined });
  });

  it('takes a bare host and port for a http proxy', () => {
    expect(readProxies({ HTTPS_PROXY: 'proxy.corp:3128' }).HTTPS_PROXY).toBe('http://proxy.corp:3128');
    expect(readProxies({ HTTPS_PROXY: 'u:p@proxy.corp:3128' }).HTTPS_PROXY).toBe('http://u:p@proxy.corp:3128');
  });
});

describe('checkProxies', () => {
  it.each(['http://p:3128', 'https://p', 'p', 'p:3128', 'http://u:p%40ss@p:3128', '', '  '])('accepts "%s"', (url) => {
    expect(mistakes({ HTTPS_PROXY: url })).toEqual([]);
  });

  it.each(['socks5://p:1080', 'http://', 'http://a b', 'http://u:%@p', 'ftp://p', 'http://p:99999'])(
    'refuses "%s"',
    (url) => {
      expect(mistakes({ HTTPS_PROXY: url })).toEqual(['HTTPS_PROXY']);
      expect(mistakes({ http_proxy: url })).toEqual(['http_proxy']);
    },
  );

  it.each(['24.4.1', '24.0.0', '22.21.0', '20.19.5'])('refuses any proxy on Node %s', (version) => {
    expect(mistakes({ HTTPS_PROXY: 'http://p', http_proxy: 'http://p' }, version)).toEqual(['HTTPS_PROXY, http_proxy']);
    expect(mistakes({ NO_PROXY: 'x' }, version)).toEqual([]);
  });

  it.each(['24.5.0', '24.21.0', '25.0.0', '26.1.0'])('accepts one on Node %s', (version) => {
    expect(mistakes({ HTTPS_PROXY: 'http://p' }, version)).toEqual([]);
  });
});
