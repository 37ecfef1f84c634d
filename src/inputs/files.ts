/**
 * What reading the inputs needs to know about files.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** find returns what is at a path, following links; undefined if there is nothing. Throws if the system denies access. */
export function find(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

/** isInside returns whether a path lies in a folder. Compares the paths as written, without resolving links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** isReallyInside returns whether a file that may not exist yet will lie in a folder once all links are resolved. */
export function isReallyInside(folder: string, path: string): boolean {
  const real = (one: string): string => {
    try {
      return realpathSync(one);
    } catch {
      return dirname(one) === one ? one : join(real(dirname(one)), basename(one));
    }
  };
  // A link at the path itself is replaced, not followed.
  return isInside(real(folder), join(real(dirname(path)), basename(path)));
}

/** The limits of Linux, in bytes. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;

/** isTooLong returns whether a path, or a name in it, is too long for a file, also in folders that do not exist yet. */
export function isTooLong(path: string): boolean {
  return (
    Buffer.byteLength(path) > LONGEST_PATH || path.split(sep).some((name) => Buffer.byteLength(name) > LONGEST_NAME)
  );
}

/** canCreateIn returns whether a file can be created in a folder, which may itself still have to be created. */
export function canCreateIn(folder: string): boolean {
  try {
    const found = find(folder);
    if (found === undefined) return dirname(folder) !== folder && canCreateIn(dirname(folder));
    accessSync(folder, constants.W_OK);
    return found.isDirectory();
  } catch {
    return false;
  }
}

/** codeOf gives the system's code of an error, such as `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
