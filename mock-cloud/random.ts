/**
 * Random values from a seed, so that a failing run can be replayed.
 */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  #text(length: number, alphabet: string): string {
    let text = '';
    for (let at = 0; at < length; at++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  /** An ID as projects, users and jobs have: 32 hex digits. */
  hex(length = 32): string {
    return this.#text(length, '0123456789abcdef');
  }

  uuid(): string {
    const hex = this.hex(32);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  letters(length: number): string {
    return this.#text(length, LETTERS);
  }

  /** A token as IAM's PKI tokens look: several KB of base64 with a dash in place of the slash. */
  token(length: number | null): string {
    const head = 'MIIatAYJKoZIhvcNAQcCoIIapTCCGqECAQExDTALB';
    const rest = length === null ? 3000 + this.below(1500) : length - head.length - 1;
    return `${head}${this.#text(rest, `${LETTERS}+-`)}=`;
  }
}
