import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EndpointInputs,
  type Endpoints,
  imsFromCatalog as fromCatalog,
  imageServiceUrl,
  pickRegion,
  resolveEndpoints,
} from '../../../src/cloud/endpoints.ts';
import { ProblemError } from '../../../src/problem.ts';
import regions from '../../fixtures/regions.json' with { type: 'json' };

const nothing: EndpointInputs = { api: 'ims', region: null, imsEndpoint: null, authUrl: null };
const imsFromCatalog = (list: unknown, region: string | null, iam: string) =>
  fromCatalog(list, region, { api: 'ims', iam });
const resolve = (given: Partial<EndpointInputs>) => resolveEndpoints({ ...nothing, ...given });

it("pickRegion finds the region in the project's name, then in the IAM address; the given one wins", () => {
  const authUrl = 'https://iam.cn-north-4.myhuaweicloud.com';
  expect(pickRegion({ ...nothing, region: 'eu-de', authUrl }, 'eu-nl_team')).toBe('eu-de');
  expect(pickRegion({ ...nothing, authUrl }, 'eu-nl_team')).toBe('eu-nl');
  expect(pickRegion({ ...nothing, authUrl }, 'MOS')).toBe('cn-north-4');
  expect(pickRegion(nothing, '')).toBeNull();
});

describe('resolveEndpoints', () => {
  it('takes both hosts of a known region, final only if the IMS host is documented', () => {
    for (const [region, { ims, iam, evidence }] of Object.entries(regions)) {
      expect(resolve({ region })).toEqual({ api: 'ims', iam, ims: { url: ims, final: evidence === 'documented' } });
    }
  });

  it("lets given addresses override the region's", () => {
    const given = { region: 'eu-ch2', imsEndpoint: 'https://ims.example.com', authUrl: 'https://iam.example.com' };
    expect(resolve(given)).toEqual({
      api: 'ims',
      iam: 'https://iam.example.com',
      ims: { url: 'https://ims.example.com', final: true },
    });
    expect(resolve({ region: 'eu-de', imsEndpoint: 'https://ims.example.com' }).iam).toBe(regions['eu-de'].iam);
  });

  it("keeps the region's IMS with a global IAM host of the same cloud", () => {
    const ims = { url: regions['ap-southeast-1'].ims, final: false };
    expect(resolve({ region: 'ap-southeast-1', authUrl: 'https://iam.myhuaweicloud.com' }).ims).toEqual(ims);
  });

  it.each(['https://iam.eu-de.example.com', 'http://127.0.0.1:8080', 'https://iam.myhuaweicloud.com'])(
    'leaves the IMS to the catalog if IAM at %s is of another cloud than the region',
    (authUrl) => {
      expect(resolve({ region: 'eu-de', authUrl })).toEqual({ api: 'ims', iam: authUrl, ims: null });
    },
  );

  it('leaves the IMS to the catalog if the region is unknown', () => {
    expect(resolve({ region: 'xx-yy-1', authUrl: 'https://iam.example.com' }).ims).toBeNull();
    expect(resolve({ authUrl: 'https://iam.example.com' }).ims).toBeNull();
  });

  it('says what to give if IAM cannot be found', () => {
    expect(() => resolve({ region: 'xx-yy-1' })).toThrow('The hosts of region xx-yy-1 are not known.');
    expect(() => resolve({ imsEndpoint: 'https://ims.example.com' })).toThrow('The region is not known.');
    expect(() => resolve({ region: 'constructor' })).toThrow('not known');
  });
});

const otc = 'https://iam.eu-de.otc.t-systems.com';
const endpoint = (url: string, region: string | null = 'eu-de', more = {}) => ({
  interface: 'public',
  region,
  region_id: region,
  url,
  ...more,
});
const catalog = (...endpoints: unknown[]) => [
  { type: 'identity', endpoints: [endpoint('https://iam.eu-de.otc.t-systems.com/v3', '*')] },
  { type: 'image', endpoints },
];

describe('plain OpenStack', () => {
  const iam = 'https://keystone.example.com:5000';
  const find = (region: string | null, ...urls: (readonly [url: string, region: string])[]) =>
    fromCatalog(catalog(...urls.map(([url, where]) => endpoint(url, where))), region, { api: 'openstack', iam });

  it('takes no host and no region from the table', () => {
    const given = { ...nothing, api: 'openstack', region: 'eu-de', authUrl: iam } as const;
    expect(resolveEndpoints(given)).toEqual({ api: 'openstack', iam, ims: null });
    expect(pickRegion({ ...given, region: null }, 'eu-nl_team')).toBeNull();
    expect(pickRegion(given, 'eu-nl_team')).toBe('eu-de');
  });

  it.each([
    ['https://glance.example.com:9292', 'https://glance.example.com:9292'],
    ['https://cloud.example.com/image', 'https://cloud.example.com/image'],
    ['https://cloud.example.com/image/v2/', 'https://cloud.example.com/image'],
    ['https://cloud.example.com/v2', 'https://cloud.example.com'],
    ['https://image.example.org', null],
    ['http://glance.example.com:9292', null],
  ])('reads from the catalog %s as %s', (url, base) => {
    expect(find(null, [url, 'RegionOne'])).toBe(base);
  });

  it('picks the region by any name', () => {
    const both = [
      ['https://one.example.com/image', 'RegionOne'],
      ['https://two.example.com/image', 'Zwei, Nord'],
    ] as const;
    expect(find('Zwei, Nord', ...both)).toBe('https://two.example.com/image');
    expect([find(null, ...both), find('Drei', ...both)]).toEqual([null, null]);
  });
});

describe('imsFromCatalog', () => {
  const ims = 'https://ims.eu-de.otc.t-systems.com';

  it.each(['', '/', '/v2', '/v2/', '/v2/p123?x=1'])('drops the path %j', (path) => {
    expect(imsFromCatalog(catalog(endpoint(ims + path)), 'eu-de', otc)).toBe(ims);
  });

  it('reads the flat list of endpoints too', () => {
    const flat = [
      { type: 'compute', ...endpoint('https://ecs.eu-de.otc.t-systems.com') },
      { type: 'image', ...endpoint(`${ims}/v2`) },
    ];
    expect(imsFromCatalog(flat, 'eu-de', otc)).toBe(ims);
  });

  it('takes the wanted region before every region, and every region before none', () => {
    const other = endpoint('https://ims.eu-nl.otc.t-systems.com', 'eu-nl');
    const global = endpoint('https://ims.otc.t-systems.com', '*');
    const unnamed = endpoint('https://image.otc.t-systems.com', null);
    const find = (region: string | null, ...list: unknown[]) => imsFromCatalog(catalog(...list), region, otc);
    expect(find('eu-de', unnamed, other, global, endpoint(ims))).toBe(ims);
    expect(find('eu-de', unnamed, other, global)).toBe('https://ims.otc.t-systems.com');
    expect(find('eu-de', unnamed, other)).toBe('https://image.otc.t-systems.com');
    expect(find('eu-de', other)).toBeNull();
    expect(find(null, other)).toBe('https://ims.eu-nl.otc.t-systems.com');
    expect(find(null, other, endpoint(ims))).toBeNull();
    expect(find(null, endpoint(ims), endpoint(`${ims}/v2`))).toBe(ims);
    expect(find('eu-de', endpoint(ims, null, { region_id: 'eu-de' }), other)).toBe(ims);
  });

  it('takes public endpoints of the image service only', () => {
    expect(imsFromCatalog(catalog(endpoint(ims, 'eu-de', { interface: 'internal' })), 'eu-de', otc)).toBeNull();
    expect(imsFromCatalog([{ type: 'imagery', endpoints: [endpoint(ims)] }], 'eu-de', otc)).toBeNull();
  });

  it.each([
    ['https://iam-pub.eu-ch2.sc.otc.t-systems.com', 'https://ims.eu-ch2.sc.otc.t-systems.com', true],
    ['https://iam-pub.eu-ch2.sc.otc.t-systems.com', 'https://ims.eu-de.otc.t-systems.com', false],
    ['https://iam.myhuaweicloud.com', 'https://ims.cn-north-4.myhuaweicloud.com', true],
    ['https://iam.cn-north-4.myhuaweicloud.com', 'https://ims.cn-north-1.myhuaweicloud.com', true],
    ['https://iam.cn-north-4.myhuaweicloud.com', 'https://ims.eu-west-101.myhuaweicloud.eu', false],
    ['https://iam.example.com', 'https://ims.example.com:8443', true],
    ['https://iam.cloud.example.com', 'https://ims.example.com', false],
    ['https://iam.xx-yy-1.example.com', 'https://ims.example.com', false],
    ['https://iam.wanted.example.com', 'https://ims.example.com', true],
    ['https://example.com', 'https://ims.com', false],
    ['https://example.com', 'https://ims.example.com', false],
    ['https://example.com', 'https://example.com:9292', true],
    ['https://example.co.uk', 'https://evil.co.uk', false],
    ['https://example.gouv.fr', 'https://evil.gouv.fr', false],
    ['https://iam.eu-de.com', 'https://evil.com', false],
    ['https://iam.wanted.co.uk', 'https://evil.co.uk', false],
    ['https://iam.example.co.uk', 'https://ims.example.co.uk', true],
    ['https://iam.example.de', 'https://ims.example.de', true],
    ['https://iam.example.com.', 'https://ims.example.com', false],
    ['https://10.0.0.1', 'https://10.0.0.1:9292', true],
    ['https://10.0.0.1', 'https://10.0.0.2', false],
    ['https://10.0.0.1', 'https://99.0.0.1', false],
    ['https://127.0.0.1', 'https://0x7f.1', false],
    ['https://127.0.0.1', 'https://2130706433', false],
    ['https://10.0.0.1', 'http://10.0.0.1:9292', false],
    ['https://iam.example.com', 'http://ims.example.com', false],
    ['http://iam.example.com', 'http://ims.example.com', false],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:9292', true],
    ['http://127.0.0.1:5000', 'https://127.0.0.1:9292', true],
    ['http://127.0.0.1:5000', 'http://localhost:9292', false],
    ['https://127.0.0.1:5000', 'http://127.0.0.1:9292', false],
    ['http://localhost:5000', 'http://localhost:9292', true],
    ['http://localhost:5000', 'http://evil.localhost:9292', false],
    ['http://[::1]:5000', 'http://[::1]:9292', true],
    ['http://[::1]:5000', 'http://[::2]:9292', false],
  ])('with IAM at %s, %s is trusted: %s', (iam, url, trusted) => {
    expect(imsFromCatalog(catalog(endpoint(url, 'wanted')), 'wanted', iam)).toBe(trusted ? url : null);
  });

  it.each([
    'https://ims.eu-de.otc.t-systems.com.evil.example/v2',
    'https://evilotc.t-systems.com',
    'https://otc.t-systems.com@evil.example',
    'https://user:pass@ims.eu-de.otc.t-systems.com',
    'https://evil.example/.otc.t-systems.com',
    'https://evil.example?.otc.t-systems.com',
    'https://evil.example#.otc.t-systems.com',
    'https://evil.example\\.otc.t-systems.com',
    'https:\\\\ims.eu-de.otc.t-systems.com',
    'https:ims.eu-de.otc.t-systems.com',
    '//ims.eu-de.otc.t-systems.com',
    'javascript:alert(1)//ims.eu-de.otc.t-systems.com',
    'file:///ims.eu-de.otc.t-systems.com',
    'ftp://ims.eu-de.otc.t-systems.com',
    'https://ims.eu-de.otc.t-systems.com.',
    'https://ims.eu-de.otc.t-systems.com./v2',
    'https://ims。eu-de.otc.t-systems.com',
    'https://ims.eu-de.otc.t‐systems.com',
    'https://ims.еu-de.otc.t-systems.com',
    'https://ims%2eeu-de.otc.t-systems.com',
    'https://.otc.t-systems.com',
    'https://ims..otc.t-systems.com',
    ' https://ims.eu-de.otc.t-systems.com',
    'https://ims.eu-de.otc.t-systems.com\n',
    'https://ims.eu-de.otc.t-systems.com/v2\r\nX: y',
    'https://ims.eu-de.otc.t-\tsystems.com',
    'https://ims.eu-de.otc.t-systems.com:99999',
    'https://0x7f.1',
    'https://xn--ls8h.example',
    'https://t-systems.com',
    'https://otc.t-systems.com',
    '',
  ])('does not follow %j', (url) => {
    expect(imsFromCatalog(catalog(endpoint(url)), 'eu-de', otc)).toBeNull();
  });

  it('is not affected by other entries of the catalog', () => {
    expect(imsFromCatalog(catalog(endpoint('https://ims.evil.example'), endpoint(ims)), 'eu-de', otc)).toBe(ims);
  });

  it('handles any value', () => {
    fc.assert(fc.property(fc.anything(), (value) => imsFromCatalog(value, 'eu-de', otc) === null));
    const nearly = fc.array(
      fc.record(
        { type: fc.constant('image'), endpoints: fc.anything(), url: fc.anything() },
        { requiredKeys: ['type'] },
      ),
    );
    fc.assert(fc.property(nearly, (value) => imsFromCatalog(value, null, otc) === null));
  });

  it("gives nothing but an https origin on IAM's domain, however the URL is put together", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'https://',
        'http://',
        'ims.',
        'eu-de.',
        'otc.t-systems.com',
        'evil.example',
        '.',
        '@',
        ':',
        '443',
        '/',
        '\\',
        '#',
        '?',
        '%2e',
        '。',
        '\t',
        'v2',
      ),
      fc.string({ maxLength: 3 }),
    );
    const urls = fc.oneof(
      fc.webUrl(),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 6 }).map((pieces) => `https://${pieces.join('')}otc.t-systems.com`),
      fc.array(piece, { maxLength: 6 }).map((pieces) => `https://ims.otc.t-systems.com${pieces.join('')}`),
    );
    fc.assert(
      fc.property(urls, (url) => {
        const found = imsFromCatalog(catalog(endpoint(url)), 'eu-de', otc);
        if (found === null) return true;
        // What any other parser of URLs makes of the result must be the same host.
        return (
          /^https:\/\/([a-z0-9-]+\.)+otc\.t-systems\.com(:\d+)?$/.test(found) &&
          new URL(found).origin === new URL(url).origin
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('imageServiceUrl', () => {
  const pattern: Endpoints = {
    api: 'ims',
    iam: otc,
    ims: { url: 'https://ims.eu-de.otc.t-systems.com', final: false },
  };
  const find = (endpoints: Endpoints, region: string | null, services: unknown) =>
    imageServiceUrl(endpoints, region, async () => services, ' A hint.').catch((error: unknown) =>
      error instanceof ProblemError ? error.problem : error,
    );
  const unknown: Endpoints = { api: 'ims', iam: otc, ims: null };
  const several = catalog(
    endpoint('https://ims.eu-de.otc.t-systems.com', 'eu-de'),
    endpoint('https://ims.eu-nl.otc.t-systems.com', 'eu-nl'),
  );

  it('is the documented one, without asking for a catalog', async () => {
    const final: Endpoints = { ...pattern, ims: { url: 'https://ims.eu-de.otc.t-systems.com', final: true } };
    const never = () => Promise.reject(new Error('not to be asked'));
    expect(await imageServiceUrl(final, 'eu-de', never, '')).toBe('https://ims.eu-de.otc.t-systems.com');
  });

  it("is the catalog's if the host is a pattern only, else the pattern", async () => {
    const listed = catalog(endpoint('https://ims2.eu-de.otc.t-systems.com', 'eu-de'));
    expect(await find(pattern, 'eu-de', listed)).toBe('https://ims2.eu-de.otc.t-systems.com');
    expect(await find(pattern, 'eu-de', undefined)).toBe('https://ims.eu-de.otc.t-systems.com');
  });

  it.each<[string, string | null, unknown, RegExp, RegExp]>([
    ['several regions', null, several, /image services of several regions: eu-de, eu-nl\.$/, /one of them as `region`/],
    [
      'another region',
      'RegionOne',
      several,
      /no image service of region RegionOne .* names: eu-de, eu-nl\.$/,
      /Check `region`/,
    ],
    ['no image service', 'eu-de', [], /names no image service on the domain of iam\.eu-de/, /`ims-endpoint`/],
    ['a strange host only', null, catalog(endpoint('https://ims.evil.example')), /names no image service/, /`region`/],
    [
      'the region on another domain only',
      'eu-de',
      catalog(endpoint('https://ims.evil.example', 'eu-de')),
      /on the domain of iam\..* for region eu-de\. It names ims\.evil\.example on another domain, which is not used/,
      /^Check `region` and `auth-url`.*`ims-endpoint`/,
    ],
    [
      'the region on another domain, another region on this one',
      'RegionOne',
      catalog(
        endpoint('https://ims.evil.example', 'RegionOne'),
        endpoint('https://ims.eu-de.otc.t-systems.com', 'eu-de'),
      ),
      /It names ims\.evil\.example on another domain/,
      /^Check `region`/,
    ],
    [
      'no catalog',
      'cn-north-4',
      undefined,
      /no catalog .* hosts of region cn-north-4 are on another domain\.$/,
      /`auth-url`/,
    ],
    [
      'no catalog and no region',
      null,
      undefined,
      /no catalog of services that names .*t-systems\.com\.$/,
      /`ims-endpoint`/,
    ],
  ])('is told from what the catalog names: %s', async (_, region, services, cause, cure) => {
    expect(await find(unknown, region, services)).toMatchObject({
      cause: expect.stringMatching(cause),
      cure: expect.stringMatching(new RegExp(`${cure.source}.* A hint\\.$`)),
    });
  });
});
