import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHuawei, REGIONS, regionOf, regionOfAuthUrl } from '../../src/regions.ts';
import facts from '../fixtures/regions.json' with { type: 'json' };

const known = Object.keys(facts);

describe('REGIONS', () => {
  it('holds exactly the 36 regions of the facts, with their hosts', () => {
    const expected = Object.fromEntries(
      Object.entries(facts).map(([id, { evidence, ims, iam }]) => [
        id,
        { ims, iam, proven: evidence === 'documented' },
      ]),
    );
    expect(known).toHaveLength(36);
    expect({ ...REGIONS }).toEqual(expected);
  });

  it('knows nothing of what every object inherits', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(REGIONS[name]).toBeUndefined();
      expect(regionOf(name)).toBeNull();
      expect(regionOfAuthUrl(`https://iam.${name}.example.com`)).toBeNull();
      expect(isHuawei(name)).toBe(false);
    }
  });
});

describe('regionOf', () => {
  it.each([
    ['eu-de', 'eu-de'],
    ['eu-de_team', 'eu-de'],
    ['eu-de_team_two', 'eu-de'],
    ['cn-north-1', 'cn-north-1'],
    ['cn-north-11_x', 'cn-north-11'],
    ['cn-north-12', 'cn-north-12'],
    ['eu-west-101_x', 'eu-west-101'],
    ['eu-de-team', null],
    ['eu-dex', null],
    ['EU-DE', null],
    ['MOS', null],
    ['_eu-de', null],
    ['', null],
  ])('%s is in %s', (name, region) => {
    expect(regionOf(name)).toBe(region);
  });

  it('agrees with the longest known region that equals the name or is followed by an underscore', () => {
    const slow = (name: string) =>
      known.filter((id) => name === id || name.startsWith(`${id}_`)).sort((a, b) => b.length - a.length)[0] ?? null;
    const rest = fc.oneof(
      fc.constant(''),
      fc.string(),
      fc.string().map((text) => `_${text}`),
    );
    const names = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom(...known), rest).map(([id, text]) => id + text),
    );
    fc.assert(fc.property(names, (name) => regionOf(name) === slow(name)));
  });
});

describe('regionOfAuthUrl', () => {
  it('finds the region of every known IAM host, with port and path or without', () => {
    for (const [id, { iam }] of Object.entries(facts)) {
      expect(regionOfAuthUrl(iam)).toBe(id);
      expect(regionOfAuthUrl(`${iam}:443/v3`)).toBe(id);
    }
  });

  it.each(['https://iam.myhuaweicloud.com', 'http://127.0.0.1:8080', 'not a url', '', 'https://example.com/eu-de'])(
    'finds none in %j',
    (url) => {
      expect(regionOfAuthUrl(url)).toBeNull();
    },
  );
});

describe('isHuawei', () => {
  it('knows the clouds of Huawei by region and by IAM host, and no other', () => {
    for (const [id, { cloud, iam }] of Object.entries(facts)) {
      const huawei = cloud.startsWith('Huawei');
      expect([id, isHuawei(id), isHuawei(new URL(iam).hostname)]).toEqual([id, huawei, huawei]);
    }
  });

  it('knows the global hosts, in any case', () => {
    expect(isHuawei('IAM.myhuaweicloud.com')).toBe(true);
    expect(isHuawei('iam.myhuaweicloud.eu')).toBe(true);
  });

  it.each(['xx-yy-1', '127.0.0.1', 'myhuaweicloud.com', 'iam.myhuaweicloud.com.example.org', ''])(
    'does not guess for %j',
    (name) => {
      expect(isHuawei(name)).toBe(false);
    },
  );
});
