/**
 * Compares builds of the action with each other, with the floor and with an empty process: `node bench/compare.ts dist other/dist …`.
 * For experiments: what a change of the code is worth is seen only in interleaved runs.
 */
import { parseArgs } from 'node:util';
import { CloudProcess } from './cloud.ts';
import { accept, floor, type Measured, nothing, refuse } from './programs.ts';
import { spreadOf } from './stats.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '21' }, images: { type: 'string', default: '1' } },
});
const images = Number(values.images);
const cloud = await CloudProcess.start();
const programs: Record<string, () => Promise<Measured>> = {
  'node -e 0': nothing,
  floor: async () => floor(cloud, await cloud.set()),
};
for (const dist of positionals) {
  programs[`${dist} whole run`] = async () => accept(cloud, await cloud.set({ images }), dist);
  programs[`${dist} input error`] = () => refuse(dist);
}
const taken = new Map<string, Measured[]>();
for (let round = -1; round < Number(values.rounds); round++) {
  for (const [name, program] of Object.entries(programs)) {
    const measured = await program();
    // The first round warms the cloud and the disk's cache.
    if (round >= 0) taken.set(name, [...(taken.get(name) ?? []), measured]);
  }
}
for (const [name, runs] of taken) {
  const show = (pick: (one: Measured) => number) => {
    const { median, low, high } = spreadOf(runs.map(pick));
    return `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`.padEnd(22);
  };
  const figures = [show((one) => one.wallMs), show((one) => one.cpuMs), show((one) => one.peakMiB)];
  process.stdout.write(`${name.padEnd(32)} wall ${figures[0]} cpu ${figures[1]} MiB ${figures[2]}\n`);
}
await cloud.close();
