/**
 * Why no usable answer came back over the wire.
 */

/** WireError is the reason why no complete answer arrived. `sent` is false only if the request certainly did not reach the service. */
export class WireError extends Error {
  readonly sent: boolean;
  /**
   * Set if trying again will not help: the server's certificate was refused, the proxy denies access, or the headers of the answer
   * exceed the limit.
   */
  readonly obstacle: 'untrusted' | 'barred' | 'oversized' | null;

  constructor(message: string, sent: boolean, obstacle: WireError['obstacle'] = null) {
    super(message);
    this.name = 'WireError';
    this.sent = sent;
    this.obstacle = obstacle;
  }
}

/** Bytes of all headers of one answer. A token grows with roles and catalog; the gateway allows 32 KB a header and 128 KB in all. */
export const HEADER_LIMIT = 256 * 1024;
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const BAD_CERTIFICATE = /CERT|UNABLE_TO_VERIFY/;

/**
 * toWireError makes a WireError of what a socket or request failed with.
 * @param sent whether the request may have reached the service
 * @param peer named in front, if it is not the service itself
 */
export function toWireError(error: NodeJS.ErrnoException, sent: boolean, peer = ''): WireError {
  if (error instanceof WireError) return error;
  const code = error.code ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `the headers of the answer are longer than ${HEADER_LIMIT / 1024} KB`;
    return peer === '' ? new WireError(message, true, 'oversized') : new WireError(`${peer}: ${message}`, sent);
  }
  const text = code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
  const message = peer === '' ? text : `${peer}: ${text}`;
  if (BAD_CERTIFICATE.test(code)) return new WireError(message, false, 'untrusted');
  return new WireError(message, sent && !NOT_SENT.test(code));
}
