/**
 * A few refusals in a row lock a user or an access key, and a run makes many calls side by side.
 */

/** What the outcome of a call shows of the credentials. */
export type CredentialState = 'proven' | 'refused' | 'unknown';

/**
 * oneAtATime gives a function that sends calls one after the other until the credentials are proven, and none after a refusal: it throws
 * the refusal instead. Credentials that were proven may be refused later, for example because they have expired.
 * @param judge what a call shows; `error` is null if it succeeded
 */
export function oneAtATime(judge: (error: unknown) => CredentialState): <T>(send: () => Promise<T>) => Promise<T> {
  let state: CredentialState = 'unknown';
  let refusal: unknown;
  let trial: Promise<void> | null = null;
  const settle = (error: unknown) => {
    trial = null;
    state = judge(error);
    refusal = error;
  };
  return async (send) => {
    while (state !== 'proven') {
      if (state === 'refused') throw refusal;
      if (trial === null) {
        const call = send();
        trial = call.then(() => settle(null), settle);
        return call;
      }
      await trial;
    }
    return send().catch((error: unknown) => {
      if (judge(error) === 'refused') settle(error);
      throw error;
    });
  };
}
