/** The process that trains one run of a sweep, on one thread. It is told what by its parent, and outlives it only to save. */
import { createEngine } from "../engines.js";
import { LockedError } from "../run-store/lock.js";
import { trainRun } from "../runner/train-run.js";
import type { CellRequest, FromCell, ToCell } from "./cell-messages.js";

const TELL_EVERY_MS = 1000;

/** Waits for the parent's request, trains, reports, and leaves. */
export async function serveCell(): Promise<void> {
  let stop = false;
  // A terminal's Ctrl-C reaches this process too; whether to stop is for the parent to say.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => (stop = true));
  process.on("disconnect", () => (stop = true));
  const request = await new Promise<CellRequest | null>((resolve) => {
    process.on("disconnect", () => resolve(null));
    process.on("message", (message: ToCell) => {
      if (message.kind === "stop") stop = true;
      else resolve(message.request);
    });
    tell({ kind: "ready" });
  });
  if (request) await tell(await train(request, () => stop));
}

async function train(request: CellRequest, shouldStop: () => boolean): Promise<FromCell> {
  const { engine, backend, ...run } = request;
  let toldAt = 0;
  try {
    const outcome = await trainRun({
      ...run,
      createEngine: (problem) => createEngine(engine, problem, { threads: 1, backend }),
      shouldStop,
      watch: {
        started: ({ epoch }) => void tell({ kind: "at", epoch }),
        trained({ epoch }) {
          if (Date.now() - toldAt < TELL_EVERY_MS) return;
          toldAt = Date.now();
          void tell({ kind: "at", epoch });
        },
        analyzing() {},
      },
    });
    if (outcome.kind === "stopped") return { kind: "stopped", epoch: outcome.epoch };
    const { ended, milestones, wall_seconds } = outcome.run.record;
    return { kind: "ended", ended, milestones, wallSeconds: wall_seconds };
  } catch (error) {
    const kind = error instanceof LockedError ? "locked" : "failed";
    return { kind, message: (error as Error).message.split("\n")[0] };
  }
}

/** Resolves once the message is out, or there is nobody left to hear it. */
function tell(message: FromCell): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) resolve();
    else process.send?.(message, () => resolve());
  });
}
