import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloudError, failureOf, RenewalError, readErrorBody, serviceCode } from '../../../src/cloud/errors.ts';
import { failure } from './kit.ts';

const same = (text: string) => text;
const read = (body: unknown) => readErrorBody(typeof body === 'string' ? body : JSON.stringify(body), same);

describe('readErrorBody', () => {
  it.each<[string, unknown, object]>([
    ["the image service's", { error: { code: 'IMG.0024', message: 'no' } }, { code: 'IMG.0024', message: 'no' }],
    [
      "the gateway's",
      { error_code: 'APIG.0308', error_msg: 'slow down', request_id: 'r1' },
      { code: 'APIG.0308', message: 'slow down', requestId: 'r1' },
    ],
    ["Keystone's", { error: { code: 401, message: 'who?', title: 'Unauthorized' } }, { message: 'who?' }],
    ['a native call', { message: 'gone', code: '404 Not Found', title: 'Not Found' }, { message: 'gone' }],
    [
      'a native call with a code of the service',
      { code: 'IMG.0031', message: 'gone' },
      { code: 'IMG.0031', message: 'gone' },
    ],
    ["OpenStack's", { badRequest: { code: 400, message: 'bad' } }, { message: 'bad' }],
    [
      'the short one inside another one',
      { error: { error_code: 'IAM.0011', error_msg: 'bad', request_id: 'r2' } },
      { code: 'IAM.0011', message: 'bad', requestId: 'r2' },
    ],
    ['a bare text as error', { error: 'invalid_grant' }, { message: 'invalid_grant' }],
    [
      'the outer code goes first',
      { error_code: 'APIG.0301', code: 'IMG.0001', error_msg: 'x' },
      { code: 'APIG.0301', message: 'x' },
    ],
    ['a code without a message', { error_code: 'IMG.0027' }, { code: 'IMG.0027' }],
    ['a message beside an object', { detail: { code: 'IMG.0001' }, message: 'no' }, { message: 'no' }],
    ['a gateway message beside an object', { detail: { code: 'IMG.0001' }, error_msg: 'no' }, { message: 'no' }],
    [
      'another object before the error',
      { a: { message: 'not this' }, error: { message: 'this' } },
      { message: 'this' },
    ],
    ['an empty object', {}, {}],
    ['an array', ['a'], {}],
    ['null', 'null', {}],
    ['a number', '7', {}],
    ['a string', '"no"', {}],
    ['nothing', '', {}],
    ['plain text', 'upstream timed out', { message: 'upstream timed out' }],
    ['broken JSON', '{"error_code":"IMG.0', { message: '{"error_code":"IMG.0' }],
    [
      'a page',
      '<html><head><title>502 Bad Gateway</title></head><body><h1>x</h1></body></html>',
      { message: '502 Bad Gateway' },
    ],
    ['a page without a title', ' \n<html><body><h1 class="a">Sorry</h1></body></html>', { message: 'Sorry' }],
    ['a page with other text before its title', '<p>Hello</p><title>502</title>', { message: '502' }],
    ['a page with other text before its heading', '<p>Hello</p><h1>Sorry</h1>', { message: 'Sorry' }],
    ['a code among others', '<a>IMG.0001</a><code>IMG.0066</code>', { code: 'IMG.0066' }],
    ['the other code among others', '<a>IMG.0001</a><error_code>IMG.0066</error_code>', { code: 'IMG.0066' }],
    ['a long page from its top only', `<p>${' '.repeat(70_000)}</p><title>Late</title>`, {}],
    ['a page that says nothing', '<html></html>', {}],
    [
      'XML',
      '<?xml version="1.0"?><Error><Code>IMG.0066</Code><Message>gone</Message></Error>',
      { code: 'IMG.0066', message: 'gone' },
    ],
    [
      'XML of the other spelling',
      '<e><error_code>APIG.0101</error_code><message>no</message></e>',
      { code: 'APIG.0101', message: 'no' },
    ],
    ['XML with a code that is a status', '<e><code>404</code><message>no</message></e>', { message: 'no' }],
  ])('reads %s', (_name, body, expected) => {
    expect(read(body)).toMatchObject({ code: null, message: '', requestId: null, ...expected });
  });

  it('cuts a request ID that cannot be one', () => {
    expect(read({ error_msg: 'no', request_id: 'r'.repeat(600_000) }).requestId).toBe('r'.repeat(128));
  });

  it('makes one line of a message', () => {
    expect(read({ message: ' a\r\n b<br /><br/>c<BR>\td ' }).message).toBe('a b c d');
  });

  it('cuts long messages, and says so', () => {
    expect(read({ message: 'x'.repeat(600) }).message).toBe('x'.repeat(600));
    expect(read({ message: 'x'.repeat(601) }).message).toBe(`${'x'.repeat(600)}…`);
    expect(read('x'.repeat(5_000_000)).message).toBe(`${'x'.repeat(600)}…`);
  });

  it('leaves out a signature that is echoed', () => {
    const echo = `SDK-HMAC-SHA256 Access=***, SignedHeaders=host, Signature=${'0a'.repeat(32)}`;
    expect(read({ error_msg: `wrong: ${echo}|GET` }).message).toBe(`wrong: ${echo.slice(0, -64)}***|GET`);
  });

  it('redacts before it cuts, so that no half of a secret stays', () => {
    const secret = `s3cret-${'k'.repeat(40)}`;
    const redact = (text: string) => text.replaceAll(secret, '***');
    for (const pad of [590, 2_390]) {
      const said = readErrorBody(JSON.stringify({ message: `${'x'.repeat(pad)}${secret}` }), redact).message;
      expect(said).not.toContain('s3c');
      expect(readErrorBody(`${'x'.repeat(pad)}${secret}`, redact).message).not.toContain('s3c');
    }
  });

  it('takes anything without an error, and gives one line of limited length', () => {
    const markup = fc
      .array(fc.constantFrom('<', '>', '/', 'message', 'title', 'code', 'h1', ' ', '\n', 'IMG.0001', '<!--'))
      .map((parts) => `<${parts.join('')}`);
    const any = fc.oneof(
      fc.string(),
      fc.json(),
      markup,
      fc.anything().map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(any, (text) => {
        const { message, code } = readErrorBody(text, same);
        expect(message).not.toMatch(/[\r\n]/);
        expect(message.length).toBeLessThanOrEqual(601);
        expect(code === null || serviceCode(code) === code).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('serviceCode', () => {
  it.each([
    ['IMG.0066', 'IMG.0066'],
    [' APIGW.0301 ', 'APIGW.0301'],
    ['BackupService.6105', 'BackupService.6105'],
    ['PAP5.0001', 'PAP5.0001'],
    ['V1.0000', 'V1.0000'],
    ['5PAP.0001', null],
    ['Ab.12345', 'Ab.12345'],
    ['A.123', null],
    ['IMG.12', null],
    ['IMG.123456', null],
    [`${'A'.repeat(21)}.123`, null],
    ['404 Not Found', null],
    ['IMG0066', null],
    ['IMG.0066 or so', null],
    ['see IMG.0066', null],
    [404, null],
    [null, null],
  ])('%j is %j', (value, code) => {
    expect(serviceCode(value)).toBe(code);
  });
});

describe('CloudError', () => {
  it('says in one line what failed and how', () => {
    const full = failure({ status: 400, code: 'IMG.0066', detail: 'gone', requestId: 'r1' });
    expect(new CloudError(full).message).toBe(
      'GET /v2/images/i at ims.example.com: HTTP 400, IMG.0066, gone (request ID r1)',
    );
    expect(new CloudError(failure({ status: null, detail: 'reset' })).message).toBe(
      'GET /v2/images/i at ims.example.com: reset',
    );
    expect(new CloudError(failure({ status: 503 })).message).toBe('GET /v2/images/i at ims.example.com: HTTP 503');
    expect(new CloudError(full).name).toBe('CloudError');
  });

  it('is distinguished from everything else that can be thrown', () => {
    const one = failure();
    expect(failureOf(new CloudError(one))).toBe(one);
    for (const other of [new Error('x'), { failure: one }, null, 'x', undefined]) expect(failureOf(other)).toBeNull();
  });
});

describe('RenewalError', () => {
  it('is not an answer to the call, and has the reason', () => {
    const cause = new CloudError(failure({ status: 401 }));
    const error = new RenewalError(cause);
    expect(failureOf(error)).toBeNull();
    expect([error.cause, error.name, error.message]).toEqual([
      cause,
      'RenewalError',
      'the identity has died and could not be renewed',
    ]);
  });
});
