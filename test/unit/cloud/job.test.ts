import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJob } from '../../../src/cloud/job.ts';

const ID = 'edc89b490d7d4392898e19b2deb34797';
const read = (body: unknown) => readJob(body, (text) => text);
const plain = { state: 'success', code: null, message: null };

describe('readJob', () => {
  it.each([
    ['SUCCESS', 'success'],
    ['success', 'success'],
    [' Success ', 'success'],
    ['succeeded', 'success'],
    ['successful', 'success'],
    ['FAIL', 'failure'],
    ['failed', 'failure'],
    ['Failure', 'failure'],
    ['error', 'failure'],
    ['RUNNING', 'running'],
    ['INIT', 'running'],
    ['SUCCESSFULLY', 'running'],
    ['unsuccessful', 'running'],
    ['failing', 'running'],
    ['not failed', 'running'],
    ['', 'running'],
    [200, 'running'],
    [null, 'running'],
    [undefined, 'running'],
  ])('takes the status %j for %s', (status, state) => {
    expect(read({ status }).state).toBe(state);
    expect(read({ entities: { results: [{ image_id: 'a', status }] } }).images.get('a')?.state).toBe(state);
  });

  it.each([[null], [undefined], ['SUCCESS'], [[]], [7]])('takes %j for a job that has not ended', (body) => {
    expect(read(body)).toEqual({ state: 'running', code: null, message: null, images: new Map() });
  });

  it.each<[string, object]>([
    ['results', { entities: { results: [{ image_id: 'A', status: 'success' }] } }],
    ['sub-jobs', { entities: { sub_jobs_result: [{ status: 'SUCCESS', entities: { image_id: 'A' } }] } }],
    [
      'results of a sub-job',
      { entities: { sub_jobs_result: [{ entities: { results: [{ image_id: 'A', status: 'success' }] } }] } },
    ],
    ['results at the top', { results: [{ image_id: 'A', status: 'success' }] }],
    ['sub-jobs at the top', { sub_jobs_result: [{ image_id: 'A', status: 'success' }] }],
    ['entries that call the image `id`', { entities: { results: [{ id: 'A', status: 'success' }] } }],
  ])('finds images in %s', (_name, body) => {
    expect(read(body).images).toEqual(new Map([['a', plain]]));
  });

  it('prefers the name that is surest', () => {
    const entry = { image_id: 'A', id: 'C', entities: { image_id: 'B' } };
    const { image_id: _, ...without } = entry;
    expect([...read({ results: [entry] }).images.keys()]).toEqual(['a']);
    expect([...read({ results: [without] }).images.keys()]).toEqual(['b']);
  });

  it('leaves entries out that name no image', () => {
    expect(read({ results: [{ status: 'failed' }, null, 'a', 7, { image_id: '' }] }).images.size).toBe(0);
  });

  it.each<[string, string[], string]>([
    ['a failure stands', ['failed', 'success'], 'failure'],
    ['a failure comes late', ['success', 'failed'], 'failure'],
    ['a later word counts', ['running', 'success'], 'success'],
  ])('of contradictory entries the worse one is believed: %s', (_name, words, state) => {
    const results = words.map((status, index) => ({ image_id: index === 0 ? 'a' : 'A', status }));
    expect(read({ results }).images.get('a')?.state).toBe(state);
  });

  it.each<[string, object, string | null, string | null]>([
    ['the documented fields', { error_code: 'IMG.1', fail_reason: 'why' }, 'IMG.1', 'why'],
    ['null, when all is well', { error_code: null, fail_reason: null }, null, null],
    ['the fields of the SDKs', { addition_error_code: 'IMG.2', addition_error_msg: 'add' }, 'IMG.2', 'add'],
    ['an error object', { error: { code: 'IMG.3', message: 'nested' } }, 'IMG.3', 'nested'],
    ['an error text', { error: 'text' }, null, 'text'],
    ['an alarm', { alarm_code: 'IMG.4' }, 'IMG.4', null],
    ['a message', { error_msg: 'msg' }, null, 'msg'],
    ['its own entities', { entities: { error_code: 'IMG.5', fail_reason: 'inner' } }, 'IMG.5', 'inner'],
    [
      'the first of several',
      {
        error_code: 'IMG.1',
        addition_error_code: 'IMG.2',
        error: { code: 'IMG.3', message: 'm' },
        fail_reason: 'f',
        error_msg: 'e',
      },
      'IMG.1',
      'f',
    ],
    [
      'the second if the first is empty',
      { error_code: '', addition_error_code: 'IMG.2', fail_reason: '', error_msg: 'e' },
      'IMG.2',
      'e',
    ],
  ])('reads the reason from %s', (_name, fields, code, message) => {
    expect(read({ status: 'FAIL', ...fields })).toMatchObject({ state: 'failure', code, message });
    const images = read({ results: [{ image_id: 'a', status: 'failed', ...fields }] }).images;
    expect(images.get('a')).toEqual({ state: 'failure', code, message });
  });

  it("takes the reason of the job from its entities' own error too", () => {
    expect(read({ status: 'FAIL', entities: { addition_error_code: 'IMG.6', error_msg: 'deep' } })).toMatchObject({
      code: 'IMG.6',
      message: 'deep',
    });
  });

  it('makes short lines of reasons and codes, redacted before they are cut', () => {
    const secret = `s3cret-${'k'.repeat(40)}`;
    const redact = (text: string) => text.replaceAll(secret, '***');
    const entry = { image_id: ID, status: 'failed', error_code: `${'c'.repeat(590)}${secret}`, fail_reason: 'a\nb' };
    const body = { status: 'FAIL', fail_reason: `${'x'.repeat(590)}${secret}${'y'.repeat(3e6)}`, results: [entry] };
    const { message, images } = readJob(body, redact);
    expect(message).toHaveLength(601);
    expect(message).not.toContain('s3c');
    expect(images.get(ID)?.code).not.toContain('s3c');
    expect(images.get(ID)?.message).toBe('a b');
  });

  it('takes the state from the job itself only', () => {
    expect(read({ entities: { status: 'SUCCESS', results: [{ image_id: ID, status: 'success' }] } }).state).toBe(
      'running',
    );
  });

  it('takes anything without an error, and never invents a success', () => {
    const word = fc.constantFrom('SUCCESS', 'FAIL', 'RUNNING', '', null, 7);
    const anyEntry = fc.oneof(fc.anything(), fc.record({ image_id: fc.constantFrom('a', 'B', null), status: word }));
    const anyBody = fc.record({
      status: word,
      entities: fc.oneof(fc.anything(), fc.record({ results: fc.array(anyEntry) })),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyBody), (body) => {
        const { state, images } = read(body);
        const text = JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)) ?? '';
        if (state === 'success' || [...images.values()].some((one) => one.state === 'success'))
          expect(text).toMatch(/success/i);
        for (const id of images.keys()) expect(id).toBe(id.toLowerCase());
      }),
      { numRuns: 500 },
    );
  });
});
