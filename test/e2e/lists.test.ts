/**
 * Lists of images as they come out of shells, YAML, Terraform and expressions.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { openWorld } from './world.ts';

const A = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';
const B = '0b680482-acaa-4045-b14c-9a8c7dfe9c70';

describe.concurrent('images', () => {
  it.each([
    ['lines', `${A}\n${B}\n`],
    ['lines of Windows', `${A}\r\n${B}\r\n`],
    ['commas', `${A},${B},`],
    ['commas and blanks', ` ${A} ,  ${B} `],
    ['semicolons', `${A};${B};`],
    ['blanks and tabs', `${A}\t${B}`],
    ['quotes that leak from shells', `"${A}" '${B}'`],
    ['a YAML list', `- ${A}\n- ${B}\n`],
    ['a JSON array', JSON.stringify([A, B])],
    ['a JSON array over lines', JSON.stringify([A, B], null, 2)],
    ['a JSON array in quotes', `'${JSON.stringify([A, B])}'`],
    ['a JSON text in a JSON text', JSON.stringify(JSON.stringify([A, B]))],
    ['a JSON object', JSON.stringify({ web: A, db: B })],
    ['brackets without quotes', `[${A}, ${B}]`],
    ['upper case', `${A.toUpperCase()} ${B}`],
    ['duplicates', `${A},${B},${A.toUpperCase()},${B}`],
  ])('are read from %s', async (_, images) => {
    await using world = await openWorld();
    for (const id of [A, B]) world.share({ id });
    const run = await runAction({ ...world.token(), images });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([A, B]) });
    expect(world.cloud.updateRequests().map(({ body }) => (body as { images: string[] }).images)).toEqual([[A, B]]);
    expect(world.cloud.violations).toEqual([]);
  });

  it('names every wrong entry with its position', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: `${A}, ami-123, ${B}, not-an-id` });
    expect(run.outputs['outcome']).toBe('blocked');
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain('entry 2: ami-123');
    expect(message).toContain('entry 4: not-an-id');
    expect(message).not.toContain('entry 1');
    expect(world.cloud.requests).toEqual([]);
  });

  it.each(['', '  ', '[]', '{}'])(
    'that hold nothing (%j) say that the step upstream may have produced nothing',
    async (images) => {
      await using world = await openWorld();
      const run = await runAction({ ...world.token(), images });
      expect(run.outputs).toMatchObject({
        outcome: 'blocked',
        results: '[]',
        updated: '[]',
        unchanged: '[]',
        failed: '[]',
      });
      expect(run.commands.find(({ name }) => name === 'error')?.message).toMatch(/step upstream|produced nothing/);
      expect(run.code).toBe(1);
    },
  );
});
