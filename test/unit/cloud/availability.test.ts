import { describe, expect, it } from 'vitest';
import { type Availability, availabilityOf } from '../../../src/cloud/availability.ts';
import { CloudError, type Failure, readErrorBody } from '../../../src/cloud/errors.ts';
import { failure } from './kit.ts';

describe('availability', () => {
  it.each<[Partial<Failure>, Availability | null]>([
    [{ status: 403 }, 'closed'],
    [{ status: 403, code: 'APIG.0302' }, 'closed'],
    [{ status: 404 }, 'missing'],
    [{ status: 404, code: 'APIG.0101' }, 'missing'],
    [{ status: 404, code: 'APIGW.0101', service: 'IAM' }, 'missing'],
    [{ status: 404, code: 'IAM.0004', service: 'IAM' }, 'absent'],
    [{ status: 404, code: 'IMG.0027', origin: 'image-service' }, 'absent'],
    [{ status: 404, origin: 'nobody' }, 'unsure'],
    [{ status: 404, code: 'IMG.0027', service: 'IAM' }, 'missing'],
    [{ status: 405 }, 'missing'],
    [{ status: 410 }, 'missing'],
    [{ type: 'redirected', status: 300 }, 'missing'],
    [{ type: 'redirected', status: 302 }, null],
    [{ status: 501 }, 'missing'],
    [{ status: 401 }, null],
    [{ status: 400, code: 'APIG.0101' }, 'missing'],
    [{ status: 400, code: 'APIG.0102' }, null],
    [{ status: 500 }, null],
    [{ type: 'lost', status: 404 }, null],
  ])('of %j is %j', (fields, expected) => {
    expect(availabilityOf(new CloudError(failure(fields)))).toBe(expected);
  });

  it('is about answers of a service only', () => {
    expect(availabilityOf(new Error('403'))).toBeNull();
  });
});

describe('a 404 of a read', () => {
  const glance = (message: string) => JSON.stringify({ message, code: '404 Not Found', title: 'Not Found' });
  const page = (detail: string) =>
    `<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  ${detail}<br /><br />\n\n </body>\n</html>`;
  it.each<[string, string, Availability]>([
    ['of IMS', '{"error":{"code":"IMG.0027","message":"No image."}}', 'absent'],
    ['of newer IMS', '{"error_code":"IMG.0027","error_msg":"No image."}', 'absent'],
    ['of Glance', glance('No image found with ID x<br /><br />'), 'absent'],
    ['of a native call without a title', '{"code":404,"message":"No image found"}', 'absent'],
    ['in the style of OpenStack', '{"itemNotFound":{"code":404,"message":"No image found"}}', 'absent'],
    ['of Glance without JSON', page('Member m not found for image x'), 'absent'],
    ['in XML', '<?xml version="1.0"?><Error><Code>IMG.0027</Code><Message>No image</Message></Error>', 'absent'],
    [
      'in XML without a code',
      '<?xml version="1.0"?><itemNotFound><message>No image found</message></itemNotFound>',
      'absent',
    ],
    ['without a body', '', 'unsure'],
    ['with an empty object', ' {} ', 'unsure'],
    ['of the gateway', '{"error_code":"APIG.0101","error_msg":"The API does not exist","request_id":"r"}', 'missing'],
    ["of Huawei's gateway", '{"error_code":"APIGW.0101","error_msg":"The API does not exist"}', 'missing'],
    [
      'of Keystone',
      '{"error":{"code":404,"message":"The resource could not be found.","title":"Not Found"}}',
      'missing',
    ],
    ['of another gateway', '{"message":"no Route matched with those values"}', 'missing'],
    [
      'of nginx',
      '<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body></html>',
      'missing',
    ],
    ['of a page about images', '<html><body><h1>Image hosting</h1>image member</body></html>', 'missing'],
    ['of Glance for a path that it does not have', page('The resource could not be found.'), 'missing'],
    [
      'of a store of objects',
      '<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>No bucket</Message></Error>',
      'missing',
    ],
    ['of a web server', '404 page not found', 'missing'],
  ])('%s', (_name, text, expected) => {
    const { code, origin } = readErrorBody(text, (same) => same);
    expect(availabilityOf(new CloudError(failure({ status: 404, code, origin })))).toBe(expected);
  });
});
