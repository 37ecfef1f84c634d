/**
 * The cloud's time formats. Image times have seconds, job times milliseconds, token times six decimals.
 */

/** trueNow is the true time in milliseconds with fractions. */
export function trueNow(): number {
  return performance.timeOrigin + performance.now();
}

/** seconds formats as `2016-09-01T02:05:14Z`. */
export function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** millis formats as `2024-11-06T07:24:22.925Z`. */
export function millis(at: number): string {
  return new Date(at).toISOString();
}

/** micros formats as `2015-11-09T01:42:57.527363Z`. */
export function micros(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23)}000Z`;
}

/** sleep waits without keeping the process alive. */
export function sleep(ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((done) => {
    setTimeout(done, ms).unref();
  });
}
