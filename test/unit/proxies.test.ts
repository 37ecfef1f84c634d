/**
 * Which proxy a URL is reached through, as curl would choose it.
 */
import { describe, expect, it } from 'vitest';
import { cidrEntries, proxyFor } from '../../src/proxies.ts';

const PROXIES = { HTTPS_PROXY: 'http://secure.proxy:1', HTTP_PROXY: 'http://plain.proxy:2' };
const chosen = (url: string, NO_PROXY?: string) => proxyFor(new URL(url), { ...PROXIES, NO_PROXY })?.host ?? null;

describe('the proxy', () => {
  it("is that of the URL's protocol", () => {
    expect(chosen('https://ims.example')).toBe('secure.proxy:1');
    expect(chosen('http://ims.example')).toBe('plain.proxy:2');
    expect(proxyFor(new URL('https://ims.example'), { HTTP_PROXY: 'http://plain.proxy:2' })).toBe(null);
    expect(proxyFor(new URL('https://ims.example'), {})).toBe(null);
  });

  it.each([
    ['*', 'https://ims.example', true],
    ['a.example, *', 'https://ims.example', true],
    ['example', 'https://ims.example', true],
    ['example', 'https://imsexample', false],
    ['ims.example', 'https://IMS.example', true],
    ['IMS.EXAMPLE.', 'https://ims.example', true],
    ['ims.example', 'https://ims.example.', true],
    ['.example', 'https://ims.example', true],
    ['.ims.example', 'https://ims.example', true],
    ['*.example', 'https://ims.example', true],
    ['*.ims.example', 'https://ims.example', false],
    ['a.example b.example', 'https://b.example', true],
    ['ims.example:443', 'https://ims.example', true],
    ['ims.example:8443', 'https://ims.example', false],
    ['*:8443', 'https://ims.example:8443', true],
    ['10.0.0.1-10.0.0.9', 'https://10.0.0.5', true],
    ['10.0.0.1-10.0.0.9', 'https://10.0.0.10', false],
    ['a-b.example', 'https://a-b.example', true],
    ['10.0.0.0/8', 'https://10.0.0.5', false],
    ['::1', 'https://[::1]', true],
    ['[::1]', 'https://[::1]:8443', true],
    ['[::1]:443', 'https://[::1]:8443', false],
    [' ,, ', 'https://ims.example', false],
  ])('NO_PROXY=%j exempts %s: %s', (noProxy, url, exempt) => {
    expect(chosen(url, noProxy)).toBe(exempt ? null : 'secure.proxy:1');
  });
});

describe('entries in CIDR notation', () => {
  it('are found among the others', () => {
    expect(cidrEntries('ims.example,10.0.0.0/8 fd00::/8, 1.2.3.4')).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(cidrEntries('')).toEqual([]);
  });
});
