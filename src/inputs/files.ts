/**
 * The few questions about files that inputs raise.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/** What is at a path: `none` where there is nothing, `other` for devices, pipes and the like. */
export type EntryType = 'file' | 'folder' | 'other' | 'none';

export interface Found {
  readonly type: EntryType;
  /** Bytes. */
  readonly size: number;
}

/** find tells what is at a path, through links. Throws where the system does not let us look. */
export function find(path: string): Found {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { type: 'none', size: 0 };
  return { type: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other', size: stat.size };
}

/** isInside tells whether a path lies in a folder, as the two are written: links are for the caller to resolve. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** realPath resolves all links. Throws where there is nothing. */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** canCreateIn tells whether a file could be written into a folder, which may still have to be made. */
export function canCreateIn(folder: string): boolean {
  try {
    const { type } = find(folder);
    if (type === 'none') return dirname(folder) !== folder && canCreateIn(dirname(folder));
    accessSync(folder, constants.W_OK);
    return type === 'folder';
  } catch {
    return false;
  }
}

/** codeOf gives the system's word for an error, such as `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
