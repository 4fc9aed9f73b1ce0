/** Writing that a crash cannot leave half done: into a temporary file, flushed, then renamed to its place. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type FaultPoint, faultPoint } from "./fault-points.js";
import { onDisk, StoreError } from "./store-error.js";

type Kind = FaultPoint extends `${infer K}:${string}` ? K : never;

/**
 * Replaces a file in one step: a reader sees the old content or the new.
 *
 * @param kind which fault points the writing passes
 * @throws StoreError where the disk refuses; then the old content stays and no temporary file is left
 */
export function replaceFile(path: string, content: readonly Uint8Array[], kind: Kind): void {
  // Not by process: what a killed process leaves behind is overwritten by the next.
  const temporary = join(dirname(path), `.new-${basename(path)}`);
  onDisk("write", path, () => {
    try {
      writeFlushed(temporary, content, kind);
      renameSync(temporary, path);
      flushFolder(dirname(path));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
  faultPoint(`${kind}:renamed`);
}

/** Writes a new file and flushes it to the disk. */
export function writeFlushed(path: string, content: readonly Uint8Array[], kind: Kind): void {
  const file = openSync(path, "w");
  try {
    for (const bytes of content) {
      const half = bytes.length >> 1;
      writeAll(file, bytes.subarray(0, half));
      faultPoint(`${kind}:writing`);
      writeAll(file, bytes.subarray(half));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  faultPoint(`${kind}:written`);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Flushes a folder's entries, so that a rename survives a power cut. Windows has no such call and needs none. */
export function flushFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes a folder and its parents. @throws StoreError where the disk refuses */
export function makeFolder(path: string): void {
  onDisk("make the folder", path, () => makeWithParents(path));
}

/** As mkdir's own `recursive`, which reports a read-only disk as a missing folder. */
function makeWithParents(path: string, parentsMade = false): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    // Some file systems say of a folder that is there, too, that it is missing.
    if (code === "ENOENT" && parentsMade) {
      throw new StoreError(`cannot make the folder ${path}: its file system takes no folders (${code})`);
    }
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    makeWithParents(dirname(path));
    makeWithParents(path, true);
  }
}
