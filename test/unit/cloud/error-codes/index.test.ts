import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainCode, isTransient, lookup, type Subject, subjectOf } from '../../../../src/cloud/error-codes/index.ts';
import fixture from '../../../fixtures/error-codes.json' with { type: 'json' };

interface Fact {
  readonly code: string;
  readonly aliases?: readonly string[];
  readonly retryable: boolean;
  readonly retryableStatuses?: readonly number[];
}

const facts: readonly Fact[] = fixture;
const spellings = facts.flatMap(({ code, aliases = [] }) => [code, ...aliases]);
const statuses = [400, 401, 403, 404, 407, 408, 409, 413, 414, 429, 494, 500, 502, 503, 504];

describe('the tables', () => {
  it('hold all 156 codes of the facts, under each of their names', () => {
    expect(facts).toHaveLength(156);
    for (const { code, aliases = [], retryable } of facts) {
      for (const name of [code, ...aliases])
        expect([name, lookup(name)?.code, lookup(name)?.retryable]).toEqual([name, code, retryable]);
    }
  });

  it('say something about each code, in whole sentences', () => {
    for (const code of spellings) {
      const info = lookup(code);
      for (const text of [info?.cause, info?.cure])
        expect([code, text]).toEqual([code, expect.stringMatching(/^[A-Z][^\n|]{9,250}\.$/)]);
    }
  });

  it("name the action's inputs, IAM's actions and nothing else in code style", () => {
    const inputs =
      'images project vault region ims-endpoint auth-url token username password domain access-key secret-key security-token ' +
      'identity-provider audience agency-name agency-domain status retries';
    const others = 'ims:images:share ims:images:get ims:images:list cbr:vaults:get eu-de_team https HTTPS_PROXY';
    const known = new Set(`${inputs} ${others}`.split(' '));
    const texts = [
      ...spellings.map((code) => explainCode(code, null, 'IMS')),
      ...statuses.map((status) => explainCode(null, status, 'IMS')),
      ...statuses.map((status) => explainCode(null, status, 'IAM')),
    ];
    const named = texts.flatMap(({ cause, cure }) =>
      [...`${cause} ${cure}`.matchAll(/`([^`]*)`/g)].map(([, name]) => name ?? ''),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('lookup', () => {
  it('ignores case and surrounding blanks', () => {
    const noise = fc.constantFrom('', ' ', '\n');
    const code = fc.constantFrom(...spellings);
    const cased = code.chain((name) => fc.mixedCase(fc.constant(name)).map((other) => [name, other] as const));
    fc.assert(
      fc.property(cased, noise, ([name, other], blank) => lookup(blank + other + blank)?.code === lookup(name)?.code),
    );
  });

  it.each([null, '', 'IMG.9999', 'IMG', 'APIGW.', 'constructor', '__proto__', 'XIMG.0066', 'IMG.00660'])(
    'does not know %j',
    (code) => {
      expect(lookup(code)).toBeUndefined();
      expect([subjectOf(code), isTransient(code, 500)]).toEqual([null, false]);
    },
  );
});

describe('the classes', () => {
  it('throttles are four codes, whatever their status', () => {
    expect(spellings.filter((code) => subjectOf(code) === 'rate')).toEqual([
      'IMG.0060',
      'IMG.0187',
      'IAM.0012',
      'APIG.0308',
      'APIGW.0308',
    ]);
  });

  it('codes about one image let a batch be divided', () => {
    const numbers =
      '0020 0024 0027 0028 0031 0032 0035 0046 0047 0066 0076 0083 0084 0086 0089 0095 0097 0098 0099 0100 0101 0102 0103 0105 0106 ' +
      '0114 0121 0127 0132 0133 0135 0144 0165 0177 0178 0190 0196 0198';
    const codes = numbers.split(' ').map((number) => `IMG.${number}`);
    expect(spellings.filter((code) => subjectOf(code) === 'image')).toEqual([...codes, 'BackupService.6705']);
  });

  it.each<[Subject, string]>([
    ['project', 'IMG.0030 IMG.0067 IMG.0104 IMG.0108 IMG.0145 IAM.1109 APIGW.0310'],
    [
      'vault',
      'IMG.0180 IMG.0182 IMG.0183 IMG.0184 IMG.0185 IMG.0186 IMG.0188 IMG.0189 IMG.0193 BackupService.6105 BackupService.6713',
    ],
    ['login', 'IMG.0087 IAM.0001 IAM.0061 IAM.0062 IAM.0066 IAM.0067 IAM.1105 APIG.0301 APIG.0303 APIG.0307'],
    ['permission', 'IMG.0025 IMG.0026 IAM.0002 IAM.0003 APIG.0302 APIG.0306 APIG.0402'],
    ['account', 'IMG.0088 IMG.0238 IMG.0239 IMG.0241 IMG.0242'],
    ['service', 'IMG.0014 IMG.0023 IMG.0061 IAM.0006 APIG.0202 APIG.0203 APIG.0601'],
    ['request', 'IMG.0001 IMG.0007 IMG.0017 IAM.0011 APIG.0101 APIG.0106'],
  ])('%s: %s', (subject, codes) => {
    for (const code of codes.split(' ')) expect([code, subjectOf(code)]).toEqual([code, subject]);
  });

  it('transient are the codes that the facts call retryable, APIG.0201 by its status', () => {
    for (const { code, aliases = [], retryable, retryableStatuses } of facts) {
      for (const name of [code, ...aliases]) {
        for (const status of statuses) {
          const expected = retryableStatuses === undefined ? retryable : retryableStatuses.includes(status);
          expect([name, status, isTransient(name, status)]).toEqual([name, status, expected]);
        }
      }
    }
  });

  it('no refusal of a login or a permission is transient: repeated failures lock accounts', () => {
    const locking = spellings.filter((code) => ['login', 'permission', 'account'].includes(subjectOf(code) ?? ''));
    expect(locking.filter((code) => isTransient(code, 401))).toEqual([]);
  });
});

describe('explainCode', () => {
  it('goes by the code first', () => {
    expect(explainCode('img.0060', 400, 'IMS').cause).toBe(lookup('IMG.0060')?.cause);
    expect(explainCode('APIGW.0308', null, 'IMS').cure).toBe(lookup('APIG.0308')?.cure);
  });

  it('goes by the status if the code is unknown or missing, and differs for each', () => {
    const told = statuses.map((status) => explainCode('IMG.9999', status, 'IMS'));
    expect(told).toEqual(statuses.map((status) => explainCode(null, status, 'IMS')));
    // All of 5xx share one explanation.
    expect(new Set(told.map(({ cause }) => cause)).size).toBe(statuses.length - 3);
  });

  it('goes by the status for APIG.0201 if it is a refusal', () => {
    expect(explainCode('APIG.0201', 413, 'IMS')).toEqual(explainCode(null, 413, 'IMS'));
    expect(explainCode('APIGW.0201', 494, 'IMS')).toEqual(explainCode(null, 494, 'IMS'));
    for (const status of [502, null])
      expect(explainCode('APIG.0201', status, 'IMS').cause).toBe(lookup('APIG.0201')?.cause);
  });

  it('suggests keys instead of a long token, but not on plain OpenStack', () => {
    const cures = (['IMS', 'Glance'] as const).map((service) => explainCode(null, 431, service).cure);
    expect(cures.map((cure) => cure.includes('`access-key`'))).toEqual([true, false]);
  });

  it('speaks of the login if IAM refuses, not of rights to images', () => {
    for (const status of [401, 403, 404]) {
      const { cause, cure } = explainCode(null, status, 'IAM');
      expect(cause).toContain('IAM');
      expect(cure).not.toContain('ims:');
    }
    expect(explainCode(null, 403, 'IAM').cure).toContain('Agent Operator');
    expect(explainCode(null, 403, 'IMS').cure).toContain('ims:images:share');
    expect(explainCode(null, 502, 'IAM')).toEqual(explainCode(null, 502, 'IMS'));
  });

  it('is never empty for a known code', () => {
    const status = fc.option(fc.integer({ min: 0, max: 999 }));
    fc.assert(
      fc.property(fc.option(fc.string()), status, (code, http) => {
        const { cause, cure } = explainCode(code, http, 'IMS');
        return cause.endsWith('.') && cure.endsWith('.');
      }),
    );
  });
});

describe('plain OpenStack', () => {
  it('gets no advice about IAM, IMS or their rights', () => {
    for (const service of ['Keystone', 'Glance'] as const)
      for (const status of [400, 401, 403, 404, 409, 500]) {
        const { cause, cure } = explainCode(null, status, service);
        expect(`${cause} ${cure}`).not.toMatch(/\b(IAM|IMS)\b|ims:|agency/);
      }
    expect(explainCode(null, 403, 'Glance').cure).toContain('`modify_member`');
  });
});
