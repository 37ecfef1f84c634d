/**
 * The workflow of the job, as the ID token names it.
 */
import { expect, test } from 'vitest';
import { jobWorkflowRefOf } from '../../../src/github/id-token.ts';
import { Secret } from '../../../src/secret.ts';

const token = (payload: string) => new Secret(`header.${Buffer.from(payload).toString('base64url')}.signature`);

test('the claim is read', () => {
  expect(jobWorkflowRefOf(token('{"job_workflow_ref":"a/b/.github/workflows/c.yml@refs/heads/ü"}'))).toBe(
    'a/b/.github/workflows/c.yml@refs/heads/ü',
  );
});

test.each(['', 'no.token', 'x'])('%j names none', (text) => {
  expect(jobWorkflowRefOf(new Secret(text))).toBe(null);
});

test.each(['{}', 'null', '[]', '{"job_workflow_ref":7}', '<html>'])('a payload of %j names none', (payload) => {
  expect(jobWorkflowRefOf(token(payload))).toBe(null);
});
