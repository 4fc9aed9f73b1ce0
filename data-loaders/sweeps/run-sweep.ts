/** Trains the missing runs of a sweep: one process a run, so many at a time, and whatever fails is named at the end. */
import { type ChildProcess, fork } from "node:child_process";
import type { EarlyEnd } from "../../src/training/early-end.js";
import { CELL_OPTION, type FromCell, type ToCell } from "./cell-messages.js";
import type { SweepEngine } from "./inventory.js";
import type { SweepRun } from "./sweep-plan.js";

export interface SweepRequest {
  /** In the order in which they are begun. */
  runs: readonly SweepRun[];
  store: string;
  engine: SweepEngine;
  backend?: string;
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
  /** A run is over, for good or for now. */
  over(run: SweepRun, how: CellOutcome): void;
}

export type CellOutcome =
  | Extract<FromCell, { kind: "ended" | "stopped" | "locked" | "failed" }>
  /** Another process has stored it meanwhile. */
  | { kind: "present" };

export interface SweepOutcome {
  trained: SweepRun[];
  /** One line each: the run and why. */
  failed: string[];
  /** Trained by another process just now. */
  locked: string[];
  /** Whether it was left on request. */
  stopped: boolean;
}

const ASK_EVERY_MS = 200;

/** Trains the runs. One that another process has is tried once more when all others are over. */
export async function runSweep(request: SweepRequest): Promise<SweepOutcome> {
  const { watch, shouldStop } = request;
  const outcome: SweepOutcome = { trained: [], failed: [], locked: [], stopped: false };
  const waiting = [...request.runs];
  const triedTwice = new Set<string>();
  const children = new Set<ChildProcess>();
  const asking = setInterval(() => {
    if (outcome.stopped || !shouldStop()) return;
    outcome.stopped = true;
    for (const child of children) say(child, { kind: "stop" });
  }, ASK_EVERY_MS);

  async function work(): Promise<void> {
    for (;;) {
      if (outcome.stopped || shouldStop()) return;
      const run = waiting.shift();
      if (!run) return;
      watch.began(run);
      const how = request.isDone(run) ? ({ kind: "present" } as const) : await trainInChild(run, request, children);
      if (how.kind === "locked" && !triedTwice.has(run.key)) {
        triedTwice.add(run.key);
        waiting.push(run);
        continue;
      }
      if (how.kind === "ended") outcome.trained.push(run);
      if (how.kind === "failed") outcome.failed.push(`${run.key}: ${how.message}`);
      if (how.kind === "locked") outcome.locked.push(how.message);
      watch.over(run, how);
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(request.workers, waiting.length) }, work));
  } finally {
    clearInterval(asking);
  }
  outcome.stopped ||= waiting.length > 0;
  return outcome;
}

function trainInChild(run: SweepRun, request: SweepRequest, children: Set<ChildProcess>): Promise<CellOutcome> {
  const { store, engine, backend, earlyEnd } = request;
  // The command line itself, in the same Node with the same flags.
  const child = fork(process.argv[1], ["sweep", "all", CELL_OPTION], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  children.add(child);
  let errors = "";
  child.stderr?.on("data", (data: Buffer) => {
    errors = `${errors}${data}`.slice(-2000);
  });
  return new Promise((resolve) => {
    let how: CellOutcome | null = null;
    child.on("message", (message: FromCell) => {
      if (message.kind === "ready") {
        const { config, keep, inFull } = run;
        const cell = { config, keep, store, engine, backend, earlyEnd: inFull ? undefined : earlyEnd };
        say(child, { kind: "train", request: cell });
        if (request.shouldStop()) say(child, { kind: "stop" });
      } else if (message.kind === "at") request.watch.at(run, message.epoch);
      else how = message;
    });
    child.once("error", (error) => {
      how ??= { kind: "failed", message: error.message };
      children.delete(child);
      resolve(how);
    });
    child.once("close", (code, signal) => {
      children.delete(child);
      resolve(how ?? { kind: "failed", message: deathOf(code, signal, errors) });
    });
  });
}

function deathOf(code: number | null, signal: NodeJS.Signals | null, errors: string): string {
  const last = errors.trim().split("\n").at(-1);
  return `its process ended ${signal ? `by ${signal}` : `with exit code ${code}`}${last ? `: ${last}` : ""}`;
}

/** A child that is gone hears nothing, and its end is told by its `close`. */
function say(child: ChildProcess, message: ToCell): void {
  if (child.connected) child.send(message, () => {});
}
