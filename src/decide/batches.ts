/**
 * Change: how the images of a project are put into requests, and how a refused request is divided.
 */

import type { TargetStatus } from '../model.ts';
import type { ImageFacts } from './facts.ts';

/** One request for a change, and what is known of it before it is sent. */
export interface Batch {
  readonly images: readonly string[];
  readonly vault: string | null;
  /** How often these images were sent again because an answer was lost. */
  readonly resends: number;
}

/** isToChange returns whether a change has to be sent for an image: nothing stops it, and it is not known to have the status. */
export function isToChange({ obstacle, evidence }: ImageFacts, status: TargetStatus): boolean {
  return obstacle === null && !(evidence?.known === true && evidence.status === status);
}

/**
 * planBatches makes requests of at most `size` images, in input order, for all images that are to be changed. When accepting, images
 * that need the vault, or may need it, are sent apart from those that do not: whether the service ignores a superfluous `vault_id` is
 * not documented.
 */
export function planBatches(
  facts: readonly ImageFacts[],
  status: TargetStatus,
  vault: string | null,
  size: number,
): readonly Batch[] {
  const needsVault = ({ evidence }: ImageFacts) =>
    status === 'accepted' && vault !== null && evidence?.kind.fullEcs !== false;
  const changing = facts.filter((one) => isToChange(one, status));
  const others = changing.filter((one) => !needsVault(one));
  return [...slices(others, null, size), ...slices(changing.filter(needsVault), vault, size)];
}

function slices(facts: readonly ImageFacts[], vault: string | null, size: number): readonly Batch[] {
  const images = facts.map(({ image }) => image);
  return Array.from({ length: Math.ceil(images.length / size) }, (_, index) => ({
    images: images.slice(index * size, (index + 1) * size),
    vault,
    resends: 0,
  }));
}

/**
 * divide splits a batch that was refused because of one of its images. Images that the refusal names go one way and the rest the
 * other, which finds a named culprit at once; otherwise the batch is halved.
 * @param named image IDs found in the service's message
 */
export function divide(batch: Batch, named: ReadonlySet<string>): readonly [Batch, Batch] {
  const accused = batch.images.filter((image) => named.has(image));
  if (accused.length > 0 && accused.length < batch.images.length) {
    const rest = batch.images.filter((image) => !named.has(image));
    return [
      { ...batch, images: rest },
      { ...batch, images: accused },
    ];
  }
  const middle = Math.ceil(batch.images.length / 2);
  return [
    { ...batch, images: batch.images.slice(0, middle) },
    { ...batch, images: batch.images.slice(middle) },
  ];
}
