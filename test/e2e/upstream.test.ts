/**
 * What arrives in `images` if something went wrong upstream, from the environment to the annotation.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { openWorld } from './world.ts';

const A = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';

describe.concurrent('images', () => {
  it.each([
    [
      'lines of the Terraform wrapper',
      `[command]/w/terraform-bin output -raw id\n${A}\n::debug::Terraform exited with code 0.`,
      'terraform_wrapper: false',
    ],
    ['a set of Terraform', `toset([\n  "${A}",\n])`, 'terraform output -json'],
    ['escaped line breaks', `${A}\\n${A}`, 'Line breaks are still escaped'],
    ['an array turned into text', 'Array', 'toJSON('],
    ['a table', `+----+\n| ID |\n+----+\n| ${A} |\n+----+`, '-f value -c ID'],
    ["a line of Packer's log", `--> openstack.golden: An image was created: ${A}`, 'post-processor `manifest`'],
    ['a glob', 'golden-*', '`match-name`'],
    ['nothing', '', 'keep project and owner IDs in variables'],
  ])('%s: a mistake that names the cure, before any request', async (_, images, cure) => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', results: '[]' });
    const errors = run.commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(cure);
    expect(errors[0]?.message.length).toBeLessThan(4_000);
    expect(run.commands.filter(({ name }) => name === 'debug')).toEqual([]);
    expect(world.cloud.requests).toEqual([]);
  });

  it('may be JSON of the OpenStack client, and JSON that was made JSON twice', async () => {
    await using world = await openWorld();
    const [a, b] = world.shareMany(2);
    const client = JSON.stringify([{ ID: a?.id, Name: 'golden-1', Status: 'active' }, { ID: b?.id }], null, 2);
    for (const images of [client, JSON.stringify(client), JSON.stringify(JSON.stringify([a?.id, b?.id]))]) {
      const run = await runAction({ ...world.token(), images });
      expect(run.outputs['outcome']).toBe('success');
      expect(run.results.map(({ image }) => image)).toEqual([a?.id, b?.id]);
    }
  });
});
