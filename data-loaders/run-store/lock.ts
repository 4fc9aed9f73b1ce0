/** One process on one run, or on one folder: a lock file that says who has it. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { onDisk } from "./store-error.js";

/** A lock on another host is taken for abandoned when it was not refreshed for this long. */
const ABANDONED_MS = 10 * 60_000;
/** So often does an owner say that it is alive; a step that blocks the process for minutes does no harm. */
const REFRESH_MS = ABANDONED_MS / 10;
/** A lock without content is being written; older than this, its writer died. */
const EMPTY_MS = 10_000;

interface Owner {
  pid: number;
  host: string;
  /** ISO 8601 */
  since: string;
  /** When the process started, in the kernel's ticks, where that can be read: tells a reused pid from its owner. */
  started: string | null;
}

/** A lock that is held. It refreshes itself while it is, as often as the process's event loop turns. */
export interface Lock {
  /**
   * Says that the owner is alive. To be called before what is locked is changed.
   *
   * @throws LockedError where another process has taken the lock over; StoreError where the disk refuses
   */
  refresh(): void;
  /** Whether no other process has taken the lock over. @throws StoreError where the disk refuses */
  isHeld(): boolean;
  /** Removes the lock, unless it is another's by now. @throws StoreError where the disk refuses */
  release(): void;
}

/** Another process has the lock. The message says who. */
export class LockedError extends Error {
  override name = "LockedError";
}

/**
 * Takes a lock, also from an owner that is dead.
 *
 * @param path the lock file
 * @param use what the owner does with what is locked, for the message: "RUN is being trained"
 * @throws LockedError where a living process has it, StoreError where the disk refuses
 */
export function takeLock(path: string, use: string): Lock {
  const self = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    started: startOf(process.pid),
  } satisfies Owner);
  for (let attempt = 0; !tryTake(path, self); attempt++) {
    const owner = ownerOf(path);
    if (owner === "free") continue;
    if (owner !== "dead") throw new LockedError(`${use} by ${describe(owner)}`);
    if (attempt > 3)
      throw new LockedError(`${use} by a process that is gone, and its lock ${path} cannot be taken over`);
    removeDead(path);
  }
  return heldLock(path, use, self);
}

function heldLock(path: string, use: string, self: string): Lock {
  const isHeld = () => contentOf(path) === self;
  function refresh(): void {
    if (!isHeld()) {
      const owner = ownerOf(path);
      throw new LockedError(
        owner === "free" || owner === "dead"
          ? `${use} by this process no longer: its lock ${path} was taken away`
          : `${use} by ${describe(owner)}, which took it over from this process`,
      );
    }
    onDisk("refresh the lock", path, () => utimesSync(path, new Date(), new Date()));
  }
  const timer = setInterval(() => {
    try {
      refresh();
    } catch {
      // Nobody to tell here; the owner's next refresh fails too.
    }
  }, REFRESH_MS).unref();
  function release(): void {
    clearInterval(timer);
    if (isHeld()) onDisk("release the lock", path, () => rmSync(path, { force: true }));
  }
  return { refresh, isHeld, release };
}

/** Text of a lock file; null where there is none. */
function contentOf(path: string): string | null {
  return onDisk("read the lock", path, () => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  });
}

const describe = (owner: Owner | "unknown") =>
  owner === "unknown" ? "another process" : `process ${owner.pid} on ${owner.host} since ${owner.since}`;

function tryTake(path: string, owner: string): boolean {
  return onDisk("lock", path, () => {
    let file: number;
    try {
      file = openSync(path, "wx");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
    writeSync(file, owner);
    closeSync(file);
    return true;
  });
}

function ownerOf(path: string): Owner | "unknown" | "dead" | "free" {
  let owner: Owner;
  let age: number;
  try {
    age = Date.now() - statSync(path).mtimeMs;
    owner = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "free";
    return age! < EMPTY_MS ? "unknown" : "dead";
  }
  if (owner.host !== hostname()) return age > ABANDONED_MS ? "dead" : owner;
  return isAlive(owner) ? owner : "dead";
}

/** Takes a dead owner's lock out of the way; of several processes that try, one succeeds, the others look again. */
function removeDead(path: string): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // Between looking and renaming, another process may have taken the lock over: then give it back.
  if (ownerOf(aside) === "dead") rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return started === null || startOf(pid) === started;
}

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22, counted after the command's name, which may contain spaces.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return null;
  }
}
