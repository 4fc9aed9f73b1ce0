/** Named configurations for `train --preset`. */
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import type { RunRecord } from "../../src/training/run-record.js";
import { REFERENCE_STORE } from "../places.js";
import { runKey } from "../run-store/run-key.js";
import { sampledCell } from "../sweeps/cells.js";
import { canonical } from "./canonical.js";
import { type Experiment, FULL, type Keep } from "./experiment.js";
import { SWEEPS } from "./sweeps.js";

export interface Preset {
  name: string;
  description: string;
  config: RunConfig;
}

export const PRESETS: readonly Preset[] = [
  {
    name: "default",
    description: "the paper's main model: a + b mod 113, 30 % of the pairs, seed 0, 40,000 epochs",
    config: parseConfig({}),
  },
  {
    name: "nanda-replication",
    description: "the paper's released notebook: the main model for its 50,000 epochs",
    config: parseConfig({ epochs: 50_000 }),
  },
  {
    name: "smoke",
    description: "the main model for 100 epochs: does training work here?",
    config: parseConfig({ epochs: 100 }),
  },
];

/** The experiments whose runs are committed under runs/. */
export const EXPERIMENTS: readonly Experiment[] = [canonical];

/** What a run of nobody's experiment keeps: enough for every figure. */
const OWN: Keep = { ...FULL, checkpoints: 20 };

/** What is kept of a run, and whether it belongs to a committed experiment. */
export function keepOf(key: string): { keep: Keep; committed: boolean } {
  for (const { cells } of EXPERIMENTS) {
    const cell = cells.find(({ config }) => runKey(config) === key);
    if (cell) return { keep: cell.keep, committed: true };
  }
  return { keep: OWN, committed: false };
}

/**
 * What `grok train` keeps of a run. One of a sweep, of whatever seed, that goes among the committed runs is as slim as
 * the sweep would store it, unless weights are asked for.
 *
 * @param checkpoints how many are asked for; undefined: as many as is usual
 */
export function keepOfTraining(
  run: Pick<RunRecord, "key" | "config" | "started_from">,
  store: string,
  checkpoints?: number,
): Keep {
  const { keep, committed } = keepOf(run.key);
  if (checkpoints !== undefined) return { ...keep, checkpoints };
  if (committed || store !== REFERENCE_STORE) return keep;
  const cell = sampledCell(run);
  return SWEEPS.flatMap(({ cells }) => cells).find(({ config }) => runKey(config) === cell)?.keep ?? keep;
}
