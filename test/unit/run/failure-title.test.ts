import { expect, it } from 'vitest';
import type { Failure } from '../../../src/cloud/errors.ts';
import { failureTitle } from '../../../src/run/failure-title.ts';
import { failure } from '../cloud/kit.ts';

it.each<[Partial<Failure>, string]>([
  [{ service: 'Keystone', status: 401 }, 'login refused (HTTP 401)'],
  [{ service: 'Glance', status: 404 }, 'image not found (HTTP 404)'],
  [{ service: 'IAM', status: 401 }, 'login refused (HTTP 401)'],
  [{ service: 'IAM', status: 403, code: 'IAM.0003' }, 'login refused (HTTP 403, IAM.0003)'],
  [{ service: 'IAM', status: 500 }, 'login failed (HTTP 500)'],
  [{ service: 'IAM', status: 429 }, 'login failed (HTTP 429)'],
  [{ service: 'IAM', status: 410, code: 'IAM.0020' }, 'login failed (HTTP 410, IAM.0020)'],
  [{ service: 'IAM', status: 400, code: 'IAM.0012' }, 'login failed (HTTP 400, IAM.0012)'],
  [{ service: 'IAM', status: 429, code: 'IAM.0061' }, 'login refused (HTTP 429, IAM.0061)'],
  [
    { service: 'IAM', status: 404, code: 'APIGW.0101' },
    'ims.example.com does not offer this login (HTTP 404, APIGW.0101)',
  ],
  [{ service: 'Keystone', status: 501 }, 'ims.example.com does not offer this login (HTTP 501)'],
  [{ service: 'GitHub', status: 403 }, 'no ID token from GitHub (HTTP 403)'],
  [{ status: 401, code: 'APIG.0301' }, 'credentials refused (HTTP 401, APIG.0301)'],
  [{ status: 403 }, 'access denied (HTTP 403)'],
  [{ status: 400, code: 'IMG.0030', call: 'PUT /v1/cloudimages/members' }, 'PUT refused (HTTP 400, IMG.0030)'],
  [{ type: 'unreachable' }, 'ims.example.com cannot be reached'],
  [{ type: 'untrusted' }, 'the certificate of ims.example.com is not trusted'],
  [{ type: 'barred' }, 'the proxy does not let the runner through to ims.example.com'],
  [{ type: 'redirected', status: 302 }, 'ims.example.com answered with a redirect (HTTP 302)'],
  [{ type: 'oversized', status: 201 }, 'the answer of ims.example.com is too long'],
  [{ type: 'lost' }, 'no usable answer from ims.example.com'],
])('%j: %s', (fields, title) => {
  expect(failureTitle(failure({ ...fields, detail: '::error::hostile' }))).toBe(title);
});
