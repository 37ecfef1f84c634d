import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuthUrl, parseGlanceUrl, parseImsEndpoint, parseKeystoneUrl } from '../../../src/inputs/url.ts';
import { resultOf, sayingOf } from './kit.ts';

const IAM = 'https://iam.eu-de.otc.t-systems.com';
const IMS = 'https://ims.eu-de.otc.t-systems.com';

describe('auth-url', () => {
  it.each([
    [IAM, IAM],
    [`${IAM}/`, IAM],
    [`${IAM}/v3`, IAM],
    [`${IAM}/v3/`, IAM],
    [`${IAM}:443/v3`, IAM],
    ['HTTPS://IAM.example.com:8443/v3', 'https://iam.example.com:8443'],
    ['http://localhost:5000/v3', 'http://localhost:5000'],
    ['http://127.8.9.1:80', 'http://127.8.9.1'],
    ['http://127.1:9', 'http://127.0.0.1:9'],
    ['http://[::1]:9/v3/', 'http://[::1]:9'],
  ])('%s is %s', (text, base) => {
    expect(resultOf(parseAuthUrl(text))).toBe(base);
  });

  it.each([
    ['http://iam.example.com/v3', 'write `https://iam.example.com`'],
    ['http://127.0.0.1.example.com', '`https` only'],
    ['http://localhost.example.com', '`https` only'],
    ['http://128.0.0.1', '`https` only'],
    ['http://[::2]', '`https` only'],
    ['iam.example.com/v3', 'write `https://iam.example.com/v3`'],
    [`${IAM}/v3/auth/tokens`, `write \`${IAM}\``],
    [`${IAM}/v2.0`, `write \`${IAM}\``],
    [`${IAM}?a=b`, 'without a query'],
    [`${IAM}#a`, 'without a query'],
    ['ftp://iam.example.com', 'base URL'],
    ['https://', 'base URL'],
    ['https://iam.exa mple.com', 'base URL'],
    ['https://iam.example.com\n', 'base URL'],
    ['javascript:alert(1)', 'base URL'],
  ])('%j is a mistake: %s', (text, saying) => {
    expect(sayingOf(parseAuthUrl(text))).toContain(saying);
  });
});

describe('ims-endpoint', () => {
  it('has no path', () => {
    expect(resultOf(parseImsEndpoint(IMS))).toBe(IMS);
    expect(resultOf(parseImsEndpoint(`${IMS}/`))).toBe(IMS);
    for (const path of ['/v2', '/v1/cloudimages', '//'])
      expect(sayingOf(parseImsEndpoint(IMS + path))).toContain(`write \`${IMS}\``);
  });
});

describe('the addresses of plain OpenStack', () => {
  const CLOUD = 'https://cloud.example.com';

  it.each([
    ['', ''],
    ['/v3', ''],
    ['/v3/', ''],
    [':5000/v3', ':5000'],
    ['/identity', '/identity'],
    ['/identity/v3//', '/identity'],
    ['/a/b/v3', '/a/b'],
    ['/v3/v3', '/v3'],
  ])('auth-url with %j', (path, base) => {
    expect(resultOf(parseKeystoneUrl(CLOUD + path))).toBe(CLOUD + base);
  });

  it.each([
    ['/image', '/image'],
    ['/image/v2/', '/image'],
    [':9292/v2.9', ':9292'],
    ['/v2', ''],
  ])('ims-endpoint with %j', (path, base) => {
    expect(resultOf(parseGlanceUrl(CLOUD + path))).toBe(CLOUD + base);
  });

  it.each([
    [`${CLOUD}/identity/v2.0/`, `write \`${CLOUD}/identity/v3\``],
    [`${CLOUD}/a%2Fb`, 'in its path'],
    [`${CLOUD}/identity/v3?a=b`, 'without a query'],
    ['http://cloud.example.com/identity/v3', '`https` only'],
    ['https://u:p@cloud.example.com/identity', 'without a user name'],
  ])('%j is a mistake: %s', (text, saying) => {
    expect(sayingOf(parseKeystoneUrl(text))).toContain(saying);
  });
});

describe('credentials in a URL', () => {
  it.each([
    'https://user:hunter22@iam.example.com',
    'https://hunter22@iam.example.com/v3',
    'http://user:hun ter22@iam.example.com',
    'user:hunter22//hunter22@iam.example.com',
    'https://user:hunter22/@:hunter22@host',
    'https://iam.example.com/v3?token=hunter22',
    'https://iam.example.com/#hunter22',
  ])('are refused and not shown: %s', (text) => {
    expect(sayingOf(parseAuthUrl(text))).not.toMatch(/hun ?ter22/);
    expect(resultOf(parseAuthUrl(text))).toBe('wrong');
  });

  it('an empty user name is refused too', () => {
    expect(resultOf(parseAuthUrl('https://@iam.example.com'))).toBe('wrong');
  });
});

it('what is accepted is a scheme with a host, on https or on loopback', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string(), fc.webAuthority()),
      (text) => {
        const value = resultOf(parseAuthUrl(text));
        if (value !== 'wrong')
          expect(value).toMatch(/^https:\/\/[^/@?#]+$|^http:\/\/(localhost|\[::1\]|127\.[\d.]+)(:\d+)?$/);
      },
    ),
  );
});
