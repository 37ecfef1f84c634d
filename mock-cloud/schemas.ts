/**
 * The documented request schemas, compiled on first use.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { at } from './rules.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
const compiled = new Map<string, ValidateFunction>();
let schemas: unknown = null;

/** schemaFault describes how a body breaks the schema of a call (`variant` for calls with several); `null` if it is valid. */
export function schemaFault(call: string, body: unknown, variant?: string): string | null {
  const name = variant === undefined ? call : `${call}/${variant}`;
  let validate = compiled.get(name);
  if (validate === undefined) {
    schemas ??= JSON.parse(readFileSync(new URL('../test/fixtures/schemas.json', import.meta.url), 'utf8'));
    const schema = variant === undefined ? at(schemas, call, 'request') : at(schemas, call, 'requestVariants', variant);
    validate = ajv.compile(schema as object);
    compiled.set(name, validate);
  }
  return validate(body) ? null : ajv.errorsText(validate.errors, { dataVar: 'body' });
}

/** responseFault is the same for an answer; for the cloud's own tests. */
export function responseFault(call: string, status: number, body: unknown): string | null {
  const name = `${call}=${status}`;
  let validate = compiled.get(name);
  if (validate === undefined) {
    schemas ??= JSON.parse(readFileSync(new URL('../test/fixtures/schemas.json', import.meta.url), 'utf8'));
    validate = ajv.compile(at(schemas, call, 'responses', String(status)) as object);
    compiled.set(name, validate);
  }
  return validate(body) ? null : ajv.errorsText(validate.errors, { dataVar: 'body' });
}
