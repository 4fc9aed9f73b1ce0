/** Puts runs from elsewhere into a store: all of them are checked before the first is written. */
import { basename, join } from "node:path";
import type { RunRecord } from "../../src/training/run-record.js";
import { CommandError } from "../command-error.js";
import { LockedError } from "../run-store/lock.js";
import { hasRun, listRuns, type RunFile, readFileOf, runFolder, type StoredRun, writeRun } from "../run-store/store.js";
import { WorkingFolder } from "../run-store/working-folder.js";
import { verifyRun } from "../runner/verify-run.js";
import type { IncomingRun } from "./incoming-runs.js";

const BAD_INPUT = 2;

export interface MergeCounts {
  /** New to the store. */
  merged: number;
  /** There already with the same bits, or given twice. */
  present: number;
  /** Longer than the stored ones, which ended early, and in their place now. */
  longer: number;
  /** Ended early, and shorter than the stored ones or than others that came: left out. */
  shorter: number;
}

/**
 * How a run of the same key relates to the one that is there. As for a sweep's --longer, only a run that ended early
 * gives way.
 */
export function compareRuns(there: RunRecord, incoming: RunRecord): "present" | "longer" | "shorter" | "clash" {
  const files = ({ files }: RunRecord) => JSON.stringify(Object.entries(files).sort());
  if (files(there) === files(incoming)) return "present";
  const isOutlasted = (run: RunRecord, other: RunRecord) =>
    run.ended.reason === "early" && run.ended.epoch < other.ended.epoch;
  if (isOutlasted(there, incoming)) return "longer";
  return isOutlasted(incoming, there) ? "shorter" : "clash";
}

/**
 * Merges. Each run appears whole, in one step; a merge that is killed is completed by the same merge.
 *
 * @param longer whether a longer run takes the place of one that ended early, instead of being a clash
 * @param tell called for each run that is put in its place
 * @throws CommandError (exit 2), before anything is written: a store of another numerics version, clashes, a run that
 *   is being trained here; exit 1 where the store's own run is broken; StoreError where the disk refuses
 */
export function mergeRuns(
  incoming: readonly IncomingRun[],
  store: string,
  longer: boolean,
  tell: (run: StoredRun) => void = () => {},
): MergeCounts {
  const old = listRuns(store).broken.find(({ outdated }) => outdated);
  if (old) throw new CommandError(`${old.line}; nothing was merged; choose another store with --out`, BAD_INPUT);
  const counts: MergeCounts = { merged: 0, present: 0, longer: 0, shorter: 0 };
  const chosen = new Map<string, IncomingRun>();
  const clashes: string[] = [];
  for (const each of incoming) {
    const { key } = each.run.record;
    const there = chosen.get(key) ?? storedRun(store, key);
    const how = there ? compareRuns(there.run.record, each.run.record) : "merged";
    const isClash = how === "clash" || (!longer && (how === "longer" || how === "shorter"));
    if (there && isClash) clashes.push(`${each.source} and ${there.source} hold other results of one run${hint(how)}`);
    // A run that came already, and gives way to this one, is the one that is left out.
    else if (how === "longer" && chosen.has(key)) counts.shorter++;
    else if (how !== "clash") counts[how]++;
    if (how === "merged" || how === "longer") chosen.set(key, each);
  }
  if (clashes.length > 0) {
    const more = clashes.length > 1 ? `; and ${clashes.length - 1} more clashes` : "";
    throw new CommandError(`${clashes[0]}${more}; nothing was merged`, BAD_INPUT);
  }
  placeAll([...chosen.values()], store, tell);
  return counts;
}

const hint = (how: string) => (how === "clash" ? "" : ", one of them ended early (--longer takes the longer)");

/** The run that the store has, checked: what is said to be the same must be. */
function storedRun(store: string, key: string): IncomingRun | null {
  if (!hasRun(store, key)) return null;
  const source = runFolder(store, key);
  const { run, problems } = verifyRun(source);
  if (!run || problems.length > 0) throw new CommandError(`${problems[0]}; nothing was merged`, 1);
  return { run, source };
}

/** None is put in place while another process trains one of them. */
function placeAll(runs: readonly IncomingRun[], store: string, tell: (run: StoredRun) => void): void {
  const underWay = runs
    .map(({ run }) => new WorkingFolder(store, run.record.key))
    .filter((folder) => hasRun(join(store, ".working"), basename(folder.path)));
  const locked: WorkingFolder[] = [];
  try {
    for (const folder of underWay) {
      folder.open();
      locked.push(folder);
    }
    for (const { run } of runs) {
      const names = Object.keys(run.record.files) as RunFile[];
      const files = Object.fromEntries(names.map((name) => [name, readFileOf(run, name) as Uint8Array]));
      tell(writeRun(store, run.record, files));
    }
  } catch (error) {
    if (error instanceof LockedError) throw new CommandError(`${error.message}; nothing was merged`, BAD_INPUT);
    throw error;
  } finally {
    for (const folder of locked) folder.close();
  }
}
