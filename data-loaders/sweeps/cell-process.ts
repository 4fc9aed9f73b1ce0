/** A process that trains runs of a sweep, as its parent sees it: what it is asked, what it tells, and how it ends. */
import { type ChildProcess, fork } from "node:child_process";
import { CELL_OPTION, type CellEnd, type FromCell, type ToCell } from "./cell-messages.js";
import type { SweepRequest } from "./run-sweep.js";
import type { SweepRun } from "./sweep-plan.js";

export interface CellsEnd {
  /** How many the device takes at a time, where it did not take so many; else 0. */
  most: number;
  /** What failed, by the message: what fails a whole batch is told once. */
  failed: Map<string, SweepRun[]>;
  /** Whether it was stopped before it could heed the sweep: its runs are as they were. */
  stopped: boolean;
}

/** A terminal's Ctrl-C reaches all processes of a sweep, in any order: this one within so long after the other. */
const SAME_SIGNAL_MS = 1000;
const ASK_EVERY_MS = 50;

/**
 * Trains runs in a process of their own.
 *
 * @param children has the process while it lives
 * @param over is told of each run that ends by itself
 */
export function trainInChild(
  runs: readonly SweepRun[],
  request: Pick<SweepRequest, "store" | "engine" | "backend" | "earlyEnd" | "watch" | "shouldStop">,
  children: Set<ChildProcess>,
  over: (run: SweepRun, how: CellEnd) => void,
): Promise<CellsEnd> {
  const { store, engine, backend, earlyEnd, shouldStop } = request;
  // The command line itself, in the same Node with the same flags.
  const child = fork(process.argv[1], ["sweep", "all", CELL_OPTION], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  children.add(child);
  let errors = "";
  child.stderr?.on("data", (data: Buffer) => {
    errors = `${errors}${data}`.slice(-10_000);
  });
  return new Promise((resolve) => {
    const underWay = new Map(runs.map((run) => [run.key, run]));
    const end: CellsEnd = { most: 0, failed: new Map(), stopped: false };
    const fail = (run: SweepRun, message: string) => end.failed.set(message, [...(end.failed.get(message) ?? []), run]);
    child.on("message", (message: FromCell) => {
      if (message.kind === "ready") {
        const cells = runs.map(({ key, config, keep, inFull }) => {
          return { key, config, keep, earlyEnd: inFull ? undefined : earlyEnd };
        });
        say(child, { kind: "train", request: { runs: cells, store, engine, backend } });
        if (shouldStop()) say(child, { kind: "stop" });
        return;
      }
      if (message.kind === "too_many") {
        end.most = message.most;
        return;
      }
      const run = underWay.get(message.key);
      if (!run) return;
      if (message.kind === "at") {
        request.watch.at(run, message.epoch);
        return;
      }
      underWay.delete(run.key);
      if (message.how.kind === "failed") fail(run, message.how.message);
      else over(run, message.how);
    });
    const close = (reason: string) => {
      children.delete(child);
      if (end.most === 0 && !end.stopped) for (const run of underWay.values()) fail(run, reason);
      underWay.clear();
      resolve(end);
    };
    child.once("error", (error) => close(error.message));
    child.once("close", async (code, signal) => {
      // Until it listens, a signal that is meant for the whole sweep ends it.
      end.stopped = (signal === "SIGINT" || signal === "SIGTERM") && (await isTrueSoon(shouldStop));
      close(deathOf(code, signal, errors));
    });
  });
}

async function isTrueSoon(condition: () => boolean): Promise<boolean> {
  for (const until = Date.now() + SAME_SIGNAL_MS; Date.now() < until; ) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return condition();
}

/** How a process ended, with the line of its standard error that says why. */
export function deathOf(code: number | null, signal: NodeJS.Signals | null, errors: string): string {
  // Stacks follow what they explain, and Node's version comes last.
  const lines = errors
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^(Node\.js v|\s+at |\s*\d+: 0x)/.test(line));
  const why = lines.findLast((line) => /^(?!\s).*(Error|FATAL)/.test(line)) ?? lines.at(-1);
  return `its process ended ${signal ? `by ${signal}` : `with exit code ${code}`}${why ? `: ${why.trim()}` : ""}`;
}

/** A child that is gone hears nothing, and its end is told by its `close`. */
export function say(child: ChildProcess, message: ToCell): void {
  if (child.connected) child.send(message, () => {});
}
