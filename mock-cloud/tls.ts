/**
 * A private CA and a server certificate for loopback, made afresh with node:crypto (X.509 in DER, RFC 5280), so that no key is
 * kept in the repository.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface LoopbackTls {
  /** PEM of the CA's certificate, for NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
  /** PEM of the server's certificate and key, for `startCloud({ tls })`. */
  readonly cert: string;
  readonly key: string;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const octets = (content: Buffer): Buffer => der(0x04, content);
const TRUE = der(0x01, Buffer.of(0xff));

/** oid encodes an object identifier such as `2.5.4.3`. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 127];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 127) | 128);
    bytes.push(...septets);
  }
  return der(0x06, Buffer.from(bytes));
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))));
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '');
  return der(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), TRUE, octets(value)) : sequence(oid(id), octets(value));
}

/** The bits of KeyUsage, first one first. */
function keyUsage(bits: number, unused: number): Buffer {
  return extension('2.5.29.15', true, der(0x03, Buffer.of(unused, bits)));
}

const DAY = 86_400_000;

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certificate(subject: Subject, issuer: { readonly name: string; readonly privateKey: KeyObject }): string {
  const now = Date.now();
  const serial = Buffer.concat([Buffer.of(0x01), randomBytes(15)]);
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    ECDSA_SHA256,
    commonName(issuer.name),
    sequence(utcTime(now - DAY), utcTime(now + 365 * DAY)),
    commonName(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...subject.extensions)),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', tbs, issuer.privateKey));
  const base64 = sequence(tbs, ECDSA_SHA256, signature)
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${base64.trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** makeTls makes a CA and a certificate for `localhost`, `127.0.0.1`, `::1` and the hosts given, valid for a year. */
export function makeTls(hosts: readonly string[] = []): LoopbackTls {
  const ca = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const server = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = { name: 'Mock cloud test CA', privateKey: ca.privateKey };
  const authority = extension('2.5.29.35', false, sequence(der(0x80, keyId(ca.publicKey))));
  const names = [
    ...['localhost', ...hosts].map((host) => der(0x82, Buffer.from(host))),
    der(0x87, Buffer.of(127, 0, 0, 1)),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.of(1)])),
  ];
  const caExtensions = [
    extension('2.5.29.19', true, sequence(TRUE)),
    keyUsage(0b0000_0110, 1),
    extension('2.5.29.14', false, octets(keyId(ca.publicKey))),
  ];
  const serverExtensions = [
    extension('2.5.29.19', true, sequence()),
    keyUsage(0b1000_0000, 7),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...names)),
    authority,
  ];
  return {
    ca: certificate({ name: issuer.name, publicKey: ca.publicKey, extensions: caExtensions }, issuer),
    cert: certificate({ name: 'localhost', publicKey: server.publicKey, extensions: serverExtensions }, issuer),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
