import { describe, expect, it } from 'vitest';
import { unavailability } from '../../../src/cloud/availability.ts';
import { CloudError, type Failure } from '../../../src/cloud/errors.ts';
import { failure } from './kit.ts';

describe('unavailability', () => {
  it.each<[Partial<Failure>, 'closed' | 'missing' | null]>([
    [{ status: 403 }, 'closed'],
    [{ status: 403, code: 'APIG.0302' }, 'closed'],
    [{ status: 404 }, 'missing'],
    [{ status: 404, code: 'APIG.0101' }, 'missing'],
    [{ status: 404, code: 'APIGW.0101', service: 'IAM' }, 'missing'],
    [{ status: 404, code: 'IAM.0004', service: 'IAM' }, null],
    [{ status: 404, code: 'IMG.0027', service: 'IMS' }, null],
    [{ status: 404, code: 'IMG.0027', service: 'IAM' }, 'missing'],
    [{ status: 405 }, 'missing'],
    [{ status: 501 }, 'missing'],
    [{ status: 401 }, null],
    [{ status: 400, code: 'APIG.0101' }, null],
    [{ status: 500 }, null],
    [{ type: 'lost', status: 404 }, null],
  ])('of %j is %j', (fields, expected) => {
    expect(unavailability(new CloudError(failure(fields)))).toBe(expected);
  });

  it('is about answers of a service only', () => {
    expect(unavailability(new Error('403'))).toBeNull();
  });
});
