/**
 * Lists the packages that are in the bundles as a CycloneDX document. The same lockfile and licences always give the same text,
 * so that dist/ can be compared byte for byte: no date, and a serial number made from the content.
 */
import { createHash } from 'node:crypto';

/** What package-lock.json says of one installed package. */
interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly name: string;
  /** By path: `''` is the project, `node_modules/a/node_modules/b` a package inside another. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const FOLDER = 'node_modules/';

/** sbomOf gives the document's text. `licences` are the bundler's lists of licences: each bundled package has a line of its own. */
export function sbomOf(lock: Lockfile, licences: readonly string[]): string {
  const bundled = new Set(licences.flatMap((text) => text.split('\n')));
  const found = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.startsWith(FOLDER) && !dev && bundled.has(nameOf(path)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const paths = new Set(found.map(([path]) => path));
  const project = { name: lock.name, version: lock.packages['']?.version ?? '' };
  const body = {
    metadata: { component: { type: 'application', 'bom-ref': reference(project.name, project.version), ...project } },
    components: found.map(([path, locked]) => component(nameOf(path), locked)),
    dependencies: [['', lock.packages['']] as const, ...found].map(([path, locked]) => ({
      ref: reference(path === '' ? project.name : nameOf(path), locked?.version ?? ''),
      dependsOn: Object.keys(locked?.dependencies ?? {})
        .map((name) => resolve(path, name, lock.packages))
        .filter((target) => paths.has(target))
        .map((target) => reference(nameOf(target), lock.packages[target]?.version ?? ''))
        .sort(),
    })),
  };
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(body),
    version: 1,
    ...body,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component(name: string, { version, license, integrity }: LockedPackage): object {
  const purl = reference(name, version);
  const [algorithm, digest] = integrity?.split('-') ?? [];
  const hash = { alg: 'SHA-512', content: Buffer.from(digest ?? '', 'base64').toString('hex') };
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    ...(algorithm === 'sha512' ? { hashes: [hash] } : {}),
    ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
    purl,
  };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
}

function reference(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** resolve finds the package that a dependency means, from the inside to the outside, as Node does; empty if it is not installed. */
function resolve(from: string, name: string, packages: Lockfile['packages']): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf(`/${FOLDER}`)))) {
    const path = folder === '' ? `${FOLDER}${name}` : `${folder}/${FOLDER}${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return '';
  }
}

/** serialNumber makes a UUID of version 8 from the content. */
function serialNumber(body: object): string {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
}
