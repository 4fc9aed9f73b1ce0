/** Files that belong together, written whole or not at all where nothing else is with them. */
import { lstatSync, mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { flushFolder, makeFolder, writeFlushed } from "./durable.js";
import { onDisk } from "./store-error.js";

/**
 * Writes files into a folder. All are on the disk before the first takes its place. In a new or empty folder they
 * appear in one step, all or none. In a folder that holds others they take their places one after the other: then a
 * refusal in between (a folder of the same name, a disk that fails) leaves some new and some as they were.
 *
 * @throws StoreError where the disk refuses
 */
export function writeTogether(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  makeFolder(dirname(folder));
  onDisk("write", folder, () => {
    const atOnce = isReplaceable(folder);
    const arriving = atOnce ? join(dirname(folder), `.arriving-${basename(folder)}`) : join(folder, ".arriving");
    try {
      rmSync(arriving, { recursive: true, force: true });
      mkdirSync(arriving);
      for (const [name, bytes] of files) writeFlushed(join(arriving, name), [bytes], "run");
      if (atOnce) {
        flushFolder(arriving);
        if (lstatSync(folder, { throwIfNoEntry: false })) rmdirSync(folder);
        renameSync(arriving, folder);
      } else {
        for (const name of files.keys()) renameSync(join(arriving, name), join(folder, name));
      }
      flushFolder(atOnce ? dirname(folder) : folder);
    } finally {
      rmSync(arriving, { recursive: true, force: true });
    }
  });
}

/**
 * Whether another folder can take this one's place: it is not there, or empty. A link, a mounted disk and the folder
 * that the process works in keep theirs.
 */
function isReplaceable(folder: string): boolean {
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (!there) return true;
  if (!there.isDirectory() || readdirSync(folder).length > 0) return false;
  return there.dev === statSync(dirname(folder)).dev && realpathSync(folder) !== process.cwd();
}
