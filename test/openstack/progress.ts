/**
 * What the suite prints while it prepares the bed.
 */
const EVERY_MS = 15_000;

/** step names what is done, says that it is still under way from time to time, and how long it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  console.log(`${name} …`);
  const ticking = setInterval(() => console.log(`  still ${name} (${seconds()})`), EVERY_MS);
  try {
    const value = await work();
    console.log(`  done in ${seconds()}`);
    return value;
  } finally {
    clearInterval(ticking);
  }
}
