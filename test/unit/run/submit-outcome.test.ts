import { describe, expect, it } from 'vitest';
import { CloudError, type Failure, RenewalError } from '../../../src/cloud/errors.ts';
import { outcomeOf } from '../../../src/run/submit-outcome.ts';
import { failure } from '../cloud/kit.ts';

const ID = '11111111-1111-4111-8111-111111111111';

describe('outcomeOf', () => {
  it.each<[string, Partial<Failure>, object]>([
    ['429 is busy', { status: 429, retryAfter: 7 }, { type: 'busy', retryAfter: 7 }],
    ['a throttle code is busy, whatever its status', { status: 400, code: 'IMG.0060' }, { type: 'busy' }],
    ['429 for a locked user is a refusal', { status: 429, code: 'IAM.0061' }, { type: 'refused', about: 'other' }],
    ['503 is a lost answer', { status: 503, retryAfter: 9 }, { type: 'lost', retryAfter: 9 }],
    ['no usable answer is a lost one', { type: 'lost', status: 200 }, { type: 'lost', lasts: false }],
    ['a redirect is a lost answer that stays lost', { type: 'redirected', status: 307 }, { type: 'lost', lasts: true }],
    ['a code that blames an image', { status: 400, code: 'IMG.0066' }, { type: 'refused', about: 'image' }],
    ['a code that blames the vault', { status: 400, code: 'IMG.0182' }, { type: 'refused', about: 'vault' }],
    ['another code', { status: 403, code: 'IMG.0026' }, { type: 'refused', about: 'other' }],
    ['an identity that is refused', { status: 401, code: null }, { type: 'refused', about: 'identity' }],
    ['an identity that is refused by the code of an image', { status: 401, code: 'IMG.0066' }, { about: 'identity' }],
    ['a refusal without a code', { status: 404, code: null }, { type: 'refused', about: null }],
    [
      'an image that Glance does not find',
      { service: 'Glance', status: 404, origin: 'image-service' },
      { type: 'refused', about: 'image' },
    ],
    ['a 404 of a proxy before Glance', { service: 'Glance', status: 404, origin: 'other' }, { about: null }],
    [
      'a right that is missing at Glance',
      { service: 'Glance', status: 403, origin: 'image-service' },
      { about: 'right' },
    ],
    ['a conflict at Glance', { service: 'Glance', status: 409, origin: 'image-service' }, { about: 'image' }],
    ['a 403 of a proxy before Glance', { service: 'Glance', status: 403, origin: 'other' }, { about: null }],
    ['a 404 of the image service to a batch', { status: 404, origin: 'image-service' }, { about: null }],
    ['the versions that Glance offers at other paths', { type: 'redirected', status: 300 }, { type: 'refused' }],
    ['a host that was never reached', { type: 'unreachable', status: null }, { type: 'refused', about: null }],
    ['a message that names an image', { status: 404, detail: `no ${ID}` }, { type: 'refused', named: new Set([ID]) }],
  ])('%s', (_name, fields, outcome) => {
    expect(outcomeOf(new CloudError(failure(fields)))).toMatchObject(outcome);
  });

  it('takes a login that could not be renewed for a refused identity', () => {
    const outcome = outcomeOf(new RenewalError(new CloudError(failure({ service: 'IAM', status: 401 }))));
    expect(outcome).toMatchObject({ type: 'refused', about: 'identity', named: new Set() });
    expect(outcome).toMatchObject({ problem: { cause: expect.stringMatching(/^The token died in mid-run/) } });
  });

  it('leaves alone what is no failure of the call', () => {
    expect(outcomeOf(new TypeError('a bug'))).toBeNull();
  });
});
