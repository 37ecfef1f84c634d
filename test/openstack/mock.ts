/** placeholder */
import type { Bed } from './bed.ts';

export function compareMock(_bed: Bed): Promise<string[]> {
  return Promise.resolve([]);
}
