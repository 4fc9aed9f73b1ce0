/** What goes wrong between a run and its disk, in one line for the reader. */

export class StoreError extends Error {
  override name = "StoreError";
}

/** A run.json of another numerics version: whole, but not to be compared with what this code gives. */
export class OutdatedRunError extends StoreError {
  override name = "OutdatedRunError";
}

const REASONS: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "no permission",
  EPERM: "no permission",
  ENOENT: "it is not there",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file where a folder should be",
  EIO: "the disk reports an input/output error",
};

/** Runs `action`, and turns a file system's error into a StoreError that names the path and the reason. */
export function onDisk<T>(doing: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new StoreError(`cannot ${doing} ${path}: ${REASONS[code] ?? "the file system refuses"} (${code})`);
  }
}
