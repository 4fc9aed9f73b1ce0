/** Trains the missing runs of a sweep: one process a batch, so many at a time, and whatever fails is named at the end. */
import type { ChildProcess } from "node:child_process";
import type { EarlyEnd } from "../../src/training/early-end.js";
import type { EngineName } from "../engines.js";
import type { CellEnd } from "./cell-messages.js";
import { say, trainInChild } from "./cell-process.js";
import { sweepBatches } from "./sweep-batches.js";
import type { SweepRun } from "./sweep-plan.js";

export interface SweepRequest {
  /** In the order in which they are begun. */
  runs: readonly SweepRun[];
  store: string;
  engine: EngineName;
  backend?: string;
  /** Runs that are trained together, at most; a smaller device lowers it. */
  batch: number;
  /** Processes at a time. */
  workers: number;
  earlyEnd: EarlyEnd;
  /** Asked before a run is begun: whether another process has stored it meanwhile. */
  isDone: (run: SweepRun) => boolean;
  watch: SweepWatcher;
  /** Asked often; true saves the runs under way and leaves. */
  shouldStop: () => boolean;
}

export interface SweepWatcher {
  began(run: SweepRun): void;
  at(run: SweepRun, epoch: number): void;
  /** Runs are over, for good or for now, all in the same way. */
  over(runs: readonly SweepRun[], how: CellOutcome): void;
}

export type CellOutcome =
  | CellEnd
  /** Another process has stored it meanwhile. */
  | { kind: "present" };

export interface SweepOutcome {
  trained: SweepRun[];
  /** One line each: the runs and why. */
  failed: string[];
  /** Trained by another process just now. */
  locked: string[];
  /** Whether it was left on request. */
  stopped: boolean;
}

const ASK_EVERY_MS = 200;

/** The first of some runs, and how many more there are. */
export const namesOf = ([first, ...more]: readonly SweepRun[]): string =>
  more.length === 0 ? first.key : `${first.key} and ${more.length} more of its batch`;

/** Trains the runs. One that another process has is tried once more when all others are over. */
export async function runSweep(request: SweepRequest): Promise<SweepOutcome> {
  const { watch, shouldStop } = request;
  const outcome: SweepOutcome = { trained: [], failed: [], locked: [], stopped: false };
  let waiting = sweepBatches(request.runs, request.batch);
  const lockedOnce: SweepRun[] = [];
  const children = new Set<ChildProcess>();
  let told = false;
  const asking = setInterval(() => {
    if (told || !shouldStop()) return;
    told = outcome.stopped = true;
    for (const child of children) say(child, { kind: "stop" });
  }, ASK_EVERY_MS);

  function over(run: SweepRun, how: CellOutcome): void {
    if (how.kind === "locked" && !lockedOnce.includes(run)) {
      lockedOnce.push(run);
      return;
    }
    if (how.kind === "ended") outcome.trained.push(run);
    if (how.kind === "locked") outcome.locked.push(how.message);
    watch.over([run], how);
  }

  async function work(): Promise<void> {
    for (;;) {
      if (outcome.stopped || shouldStop()) return;
      const batch = waiting.shift();
      if (!batch) return;
      const present = batch.filter(request.isDone);
      for (const run of present) over(run, { kind: "present" });
      const runs = batch.filter((run) => !present.includes(run));
      if (runs.length === 0) continue;
      for (const run of runs) watch.began(run);
      const { most, failed, stopped } = await trainInChild(runs, request, children, over);
      outcome.stopped ||= stopped;
      if (most > 0) waiting.unshift(...sweepBatches(runs, Math.min(most, runs.length - 1)));
      for (const [message, of] of failed) {
        outcome.failed.push(`${namesOf(of)}: ${message}`);
        watch.over(of, { kind: "failed", message });
      }
    }
  }

  const workAll = () => Promise.all(Array.from({ length: Math.min(request.workers, waiting.length) }, work));
  try {
    await workAll();
    outcome.stopped ||= waiting.length > 0;
    if (!outcome.stopped) {
      waiting = sweepBatches(lockedOnce, request.batch);
      await workAll();
    }
  } finally {
    clearInterval(asking);
  }
  outcome.stopped ||= waiting.length > 0;
  return outcome;
}
