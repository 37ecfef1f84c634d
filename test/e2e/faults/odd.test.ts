/**
 * Answers that no sane service gives, and a process that ends with its work.
 */
import { describe, expect, it } from 'vitest';
import type { FaultAction, FaultRule } from '../../../mock-cloud/index.ts';
import { runAction } from '../harness.ts';
import { ids, openWorld } from '../world.ts';

const ALL = Number.POSITIVE_INFINITY;
const DEEP = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
const json = (body: string, status = 200): FaultAction => ({
  process: true,
  respond: { status, body, contentType: 'application/json' },
});
const jobSaying = (entities: string): FaultAction => json(`{"status":"SUCCESS","entities":${entities}}`);
const throttledFor = (value: string): FaultAction => ({ respond: { status: 429, headers: { 'Retry-After': value } } });

describe.concurrent('an odd answer', () => {
  it.for<readonly [string, FaultRule]>([
    ...['-1', '1e12', 'NaN', 'soon', '0', '0.2', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Thu, 99 Foo 9999'].map(
      (value): readonly [string, FaultRule] => [`Retry-After: ${value}`, { on: 'look', do: throttledFor(value) }],
    ),
    ['Date: absurd', { on: 'any', times: ALL, do: { headers: { Date: 'Fri, 31 Dec 275759 23:59:59 GMT' } } }],
    ['Date: no date', { on: 'any', times: ALL, do: { headers: { Date: '%%%' } } }],
    ['deep nesting instead of a list', { on: 'look', do: json(DEEP) }],
    ['deep nesting instead of an error', { on: 'look', do: json(`{"error":${DEEP}}`, 503) }],
    ['deep nesting in a job', { on: 'job', do: jobSaying(DEEP) }],
    [
      'a job of prototypes',
      {
        on: 'job',
        do: jobSaying(
          '{"results":[{"image_id":"__proto__","status":"failed"},{"image_id":"constructor"}],"__proto__":{"status":"FAIL"}}',
        ),
      },
    ],
    [
      'a job of 100,000 results',
      {
        on: 'job',
        do: jobSaying(
          `{"results":[${Array.from({ length: 100_000 }, (_, n) => `{"image_id":"x${n}","status":"success"}`).join(',')}]}`,
        ),
      },
    ],
    ['a job of wrong types', { on: 'job', do: json('{"status":7,"entities":"x","error_code":{},"fail_reason":[]}') }],
    [
      'a list of wrong types',
      { on: 'look', do: json('{"images":[null,7,"x",[],{"id":7},{"id":"x","name":{},"owner":[]}]}') },
    ],
    [
      'a list of prototypes',
      { on: 'look', do: json('{"images":[{"id":"__proto__"},{"__proto__":{"id":"x"}}],"__proto__":[]}') },
    ],
    ['a member of wrong types', { on: 'prove', do: json('{"status":true}') }],
    ['JSON that is no object', { on: 'prove', do: json('"accepted"') }],
    ['a job ID that is a number', { on: 'update', do: json('{"job_id":4711}') }],
    ['a job ID that climbs', { on: 'update', do: json('{"job_id":"../../v2/cloudimages?x=y#z"}') }],
    ['204 to a read', { on: 'look', do: { respond: { status: 204 } } }],
    ['204 to the change', { on: 'update', do: { process: true, respond: { status: 204 } } }],
    ['a status of 599', { on: 'look', do: { respond: { status: 599 } } }],
    ['an unknown encoding', { on: 'look', do: { headers: { 'Content-Encoding': 'rot13' } } }],
    ['gzip that is none', { on: 'look', do: { headers: { 'Content-Encoding': 'gzip' } } }],
  ])('is survived: %s', async ([, rule]) => {
    await using world = await openWorld({ jobDurationMs: 100 });
    const fault = world.cloud.fault(rule);
    const images = world.shareMany(2);
    const run = await runAction({ ...world.token(), images: ids(images), retries: '2' });
    expect(fault.struck).toBeGreaterThan(0);
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([
      ['updated', true],
      ['updated', true],
    ]);
    expect(images.map((image) => world.cloud.effectiveChanges(image, world.consumer))).toEqual([1, 1]);
    expect(run.stderr).toBe('');
  });

  it('of a failed read does not keep the process alive for the one beside it', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'look', do: { hang: true }, times: ALL, after: 1 });
    world.cloud.fault({ on: 'look', do: { respond: { status: 400 } } });
    // The rule above lets the first read pass, and this one applies to it.
    const run = await runAction({
      ...world.token(),
      images: ids(world.shareMany(3)),
      timeout: '1h',
      'request-timeout': '1h',
    });
    expect(run.outputs['outcome']).toBe('blocked');
  });

  it.for([
    ['token', { token: 'not\u20aclatin' }],
    ['token', { token: 'two\nlines' }],
    ['identity-provider', { 'identity-provider': 'name\u20ac' }],
    ['password', { username: 'u\u20ac', password: 'p\u20ac\n!verylong', domain: 'd\u20ac' }],
    ['secret-key', { 'access-key': 'a\u20ac', 'secret-key': 's\u20ac' }],
  ] as const)('cannot come of odd credentials: %s', async ([name, credentials]) => {
    await using world = await openWorld();
    const run = await runAction(
      { ...world.where, project: world.consumer.id, ...credentials, images: world.share().id },
      { env: world.cloud.oidcEnv() },
    );
    expect(run.outputs['outcome'], name).toBe('blocked');
    expect(run.log).not.toContain('unexpected');
  });
});
