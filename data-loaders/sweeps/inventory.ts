/** What of a sweep the store has (or, in a pack, the store at home), what it lacks, and what is broken. */
import type { EarlyEnd } from "../../src/training/early-end.js";
import { CommandError } from "../command-error.js";
import type { Experiment } from "../experiments/experiment.js";
import { hasRun, listRuns, readRun, runFolder } from "../run-store/store.js";
import { cellOf, sampledCell } from "./cells.js";
import { type KnownRun, readKnownRuns } from "./known-runs.js";
import { distinctCells, type SweepRun } from "./sweep-plan.js";

export interface Inventory {
  done: SweepRun[];
  /** To be trained, in the order of the plan. */
  missing: SweepRun[];
  /** Missing too, but not to be trained, each with the reason. */
  heldBack: { run: SweepRun; reason: string }[];
  /** One-layer cells of which the store has no run with any seed. */
  oneLayerWithoutAnySeed: number;
}

export interface InventoryRequest {
  sweeps: readonly Experiment[];
  runs: readonly SweepRun[];
  store: string;
  earlyEnd: EarlyEnd;
  /** Whether stored runs that ended earlier than they would now count as missing. */
  longer: boolean;
  /** Runs that are stored elsewhere. */
  known?: readonly KnownRun[];
}

/**
 * Compares a sweep with a store.
 *
 * @throws CommandError (exit 2) for a store that holds runs of another numerics version
 */
export function takeInventory(request: InventoryRequest): Inventory {
  const { sweeps, runs, store, earlyEnd, longer, known = readKnownRuns() } = request;
  const listing = listRuns(store);
  const old = listing.broken.find(({ outdated }) => outdated);
  if (old) throw new CommandError(`${old.line}; nothing was changed; choose another store with --out`, 2);
  const broken = new Map(listing.broken.map(({ key, line }) => [key, line]));
  const records: KnownRun[] = [...known, ...listing.runs.map(({ record }) => record)];
  const stored = new Map(records.map((record) => [record.key, record]));
  const inventory: Inventory = { done: [], missing: [], heldBack: [], oneLayerWithoutAnySeed: 0 };
  for (const run of runs) {
    const record = stored.get(run.key);
    const brokenLine = broken.get(run.key);
    if (record && !(longer && wouldGoFurther(record, run, earlyEnd))) inventory.done.push(run);
    else if (brokenLine) inventory.heldBack.push({ run, reason: heldBackBy(brokenLine, runFolder(store, run.key)) });
    else inventory.missing.push(run);
  }
  const cellsWithARun = new Set(records.map(sampledCell));
  inventory.oneLayerWithoutAnySeed = distinctCells(sweeps).filter(
    (cell) => cell.layers === 1 && !cellsWithARun.has(cellOf(cell)),
  ).length;
  return inventory;
}

const heldBackBy = (broken: string, folder: string) =>
  `broken in the store: ${broken}; remove ${folder} to have it trained again`;

/** Whether the store has a run by now, and it is not to be replaced. A broken one is not to be replaced either. */
export function isDone(
  run: SweepRun,
  { store, earlyEnd, longer }: Pick<InventoryRequest, "store" | "earlyEnd" | "longer">,
): boolean {
  if (!hasRun(store, run.key)) return false;
  return !(longer && wouldGoFurther(readRun(runFolder(store, run.key)).record, run, earlyEnd));
}

/** Whether a stored run that ended early would end later under these limits. */
export function wouldGoFurther(
  { ended, milestones }: Pick<KnownRun, "ended" | "milestones">,
  { inFull }: Pick<SweepRun, "inFull">,
  { stopAfter, maxEpochs }: EarlyEnd,
): boolean {
  if (ended.reason !== "early") return false;
  if (inFull) return true;
  const { grokked } = milestones;
  const limit = grokked === null ? maxEpochs : stopAfter === undefined ? undefined : grokked + stopAfter;
  return limit === undefined || ended.epoch < limit;
}
