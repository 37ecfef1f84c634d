/**
 * Change: how the images of a project are put into requests, and how a refused request is divided.
 */

/** One request for a change, and what is known of it before it is sent. */
export interface Batch {
  readonly images: readonly string[];
  readonly vault: string | null;
  /** How often these images were sent again because an answer was lost. */
  readonly resends: number;
}

/** Whether accepting an image needs a vault; null if that is not known. */
export interface Need {
  readonly image: string;
  readonly fullEcs: boolean | null;
}

/**
 * planBatches makes requests of at most `size` images, in input order. Images that need the vault, or may need it, are sent apart from
 * those that do not: whether the service ignores a superfluous `vault_id` is not documented.
 */
export function planBatches(needs: readonly Need[], vault: string | null, size: number): readonly Batch[] {
  const withVault = vault === null ? [] : needs.filter((need) => need.fullEcs !== false);
  const without = vault === null ? needs : needs.filter((need) => need.fullEcs === false);
  return [...slices(without, null, size), ...slices(withVault, vault, size)];
}

function slices(needs: readonly Need[], vault: string | null, size: number): readonly Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < needs.length; start += size) {
    batches.push({ images: needs.slice(start, start + size).map((need) => need.image), vault, resends: 0 });
  }
  return batches;
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
