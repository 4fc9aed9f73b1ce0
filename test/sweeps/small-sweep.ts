/**
 * A program that sweeps over small models in batches: node small-sweep.ts STORE '{"configs": […], …}'. Its last line is
 * the outcome as JSON. It is its own program for the processes of the sweep, as the command line is.
 *
 * Where the variable STAND_IN has JSON, wasm engines stand in for a GPU: one that takes `most` runs at a time, loses its
 * device once a run is at epoch `lost`, or kills its process once one is at epoch `killed`.
 */
import { createEngine } from "../../data-loaders/engines.js";
import { SLIM } from "../../data-loaders/experiments/experiment.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { CELL_OPTION } from "../../data-loaders/sweeps/cell-messages.js";
import { isDone } from "../../data-loaders/sweeps/inventory.js";
import { namesOf, runSweep } from "../../data-loaders/sweeps/run-sweep.js";
import type { SweepRun } from "../../data-loaders/sweeps/sweep-plan.js";
import { serveCells } from "../../data-loaders/sweeps/train-cells.js";
import type { RunConfig } from "../../src/model/config.js";
import type { EarlyEnd } from "../../src/training/early-end.js";
import { type Engine, EngineError, type Problem } from "../../src/training/engine.js";
import { BatchSizeError } from "../../src/training/webgpu/batch-size-error.js";
import { smallConfig } from "../runner/small-run.js";

export interface SmallSweep {
  /** Fields over those of the small model. */
  configs: Partial<RunConfig>[];
  batch: number;
  /** One where it is not given. */
  workers?: number;
  earlyEnd: EarlyEnd;
  /** Stop once the first run is told to be at this epoch. */
  stopAt?: number;
}

export interface StandIn {
  most?: number;
  lost?: number;
  killed?: number;
}

const standIn: StandIn | undefined = process.env.STAND_IN && JSON.parse(process.env.STAND_IN);

async function standInBatch(problems: Problem[]): Promise<Engine[]> {
  const { most = 100, lost = 1e9, killed = 1e9 } = standIn ?? {};
  if (problems.length > most) throw new BatchSizeError(`at most ${most}`, most);
  const engines = await Promise.all(problems.map((problem) => createEngine("wasm", problem, { threads: 1 })));
  for (const engine of engines) {
    const step = engine.step.bind(engine);
    engine.step = async (count) => {
      const { epoch } = await engine.state();
      if (epoch >= killed) process.kill(process.pid, "SIGKILL");
      if (epoch >= lost) throw new EngineError("the GPU device was lost (for a test)");
      return step(count);
    };
  }
  return engines;
}

if (process.argv.includes(CELL_OPTION)) await serveCells(standIn && standInBatch);
else {
  const store = process.argv[2];
  const {
    configs,
    batch,
    workers = 1,
    earlyEnd,
    stopAt = Number.POSITIVE_INFINITY,
  } = JSON.parse(process.argv[3]) as SmallSweep;
  let stop = false;
  const runs = configs.map((fields): SweepRun => {
    const config = smallConfig(fields);
    return { key: runKey(config), config, keep: SLIM, inFull: false };
  });
  const outcome = await runSweep({
    runs,
    store,
    engine: "webgpu",
    batch,
    workers,
    earlyEnd,
    isDone: (run) => isDone(run, { store, earlyEnd, longer: false }),
    watch: {
      began: ({ key }) => console.log(`began ${key}`),
      at(_, epoch) {
        if (epoch >= stopAt) stop = true;
      },
      over: (of, how) => console.log(`${namesOf(of)} ${how.kind} ${"message" in how ? how.message : ""}`),
    },
    shouldStop: () => stop,
  });
  console.log(JSON.stringify({ ...outcome, trained: outcome.trained.map(({ key }) => key) }));
}
process.exit(0);
