/**
 * Doing many things side by side, but not all at once.
 */

/**
 * pool runs `work` over the items, at most `limit` at a time, and gives the results in the items' order. After an error no
 * further item is begun, and the first error is thrown once those under way have ended: nothing continues after the call has returned.
 */
export async function pool<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
