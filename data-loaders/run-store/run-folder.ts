/** Runs as folders of a store: each whole or absent, each file with its checksum. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RUN_FILES, RunRecord } from "../../src/training/run-record.js";
import { flushFolder, makeFolder, writeFlushed } from "./durable.js";
import { faultPoint } from "./fault-points.js";
import { decodeRecord, encodeRecord, sha256 } from "./record-schema.js";
import { OutdatedRunError, onDisk, StoreError } from "./store-error.js";

export type RunFile = (typeof RUN_FILES)[number];

/** A run in a store: where it is and what is known of it. */
export interface StoredRun {
  folder: string;
  record: RunRecord;
}

export const runFolder = (store: string, key: string) => join(store, key);

/** Whether the store has something under this key, whole or broken. */
export const hasRun = (store: string, key: string) => existsSync(runFolder(store, key));

/**
 * Reads run.json of one run. The tables are checked when they are read.
 *
 * @param folder the run's own folder
 * @throws StoreError naming the file and what is wrong with it; OutdatedRunError where that is its numerics version
 */
export function readRun(folder: string): StoredRun {
  const path = join(folder, "run.json");
  const text = onDisk("read", path, () => readFileSync(path, "utf8"));
  try {
    return { folder, record: decodeRecord(text) };
  } catch (error) {
    const Kind = error instanceof OutdatedRunError ? OutdatedRunError : StoreError;
    throw new Kind(`${path}: ${(error as Error).message}`);
  }
}

/**
 * Bytes of one of a run's files, checked against its checksum; null where the run has no such file.
 *
 * @throws StoreError for a file that is missing, truncated or altered
 */
export function readFileOf({ folder, record }: StoredRun, name: RunFile): Uint8Array | null {
  const expected = record.files[name];
  if (!expected) return null;
  const path = join(folder, name);
  const bytes = onDisk("read", path, () => readFileSync(path));
  if (sha256(bytes) !== expected) {
    throw new StoreError(`${path}: truncated or altered (its checksum does not fit run.json)`);
  }
  return bytes;
}

/** Whether there is a folder; a link that leads nowhere is none. @throws StoreError where the disk refuses */
export function isFolder(path: string): boolean {
  return onDisk("read", path, () => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Folders of all runs of a store, whole or broken, by key. A store that does not exist is empty. */
export function listFolders(store: string): string[] {
  if (!existsSync(store)) return [];
  const names = onDisk("read the folder", store, () => readdirSync(store)).sort();
  const folders = names.filter((name) => !name.startsWith(".")).map((name) => join(store, name));
  return folders.filter(isFolder);
}

/**
 * Puts a finished run in its place: all of its files are written beside it and flushed, then renamed in one step. A
 * run that was there before is replaced.
 *
 * @param record the run's record, without checksums
 * @param files bytes by name
 * @throws StoreError where the disk refuses; then nothing of the run is left in the store
 */
export function writeRun(
  store: string,
  record: Omit<RunRecord, "files">,
  files: Partial<Record<RunFile, Uint8Array>>,
): StoredRun {
  makeFolder(store);
  const folder = runFolder(store, record.key);
  const arriving = join(store, `.arriving-${record.key}`);
  const leaving = join(store, `.leaving-${record.key}`);
  const checksums = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));
  const complete: RunRecord = { ...record, files: checksums };
  onDisk("write", folder, () => {
    try {
      rmSync(arriving, { recursive: true, force: true });
      mkdirSync(arriving);
      for (const [name, bytes] of Object.entries(files)) writeFlushed(join(arriving, name), [bytes], "run");
      writeFlushed(join(arriving, "run.json"), [Buffer.from(encodeRecord(complete))], "run");
      flushFolder(arriving);
      rmSync(leaving, { recursive: true, force: true });
      if (existsSync(folder)) renameSync(folder, leaving);
      renameSync(arriving, folder);
      flushFolder(store);
    } catch (error) {
      rmSync(arriving, { recursive: true, force: true });
      if (!existsSync(folder) && existsSync(leaving)) renameSync(leaving, folder);
      throw error;
    }
  });
  faultPoint("run:renamed");
  rmSync(leaving, { recursive: true, force: true });
  return { folder, record: complete };
}
