/** A small model trained in this process. */
import { createEngine } from "../../data-loaders/engines.js";
import { FULL, type Keep } from "../../data-loaders/experiments/experiment.js";
import { type RunOutcome, type RunRequest, trainRun } from "../../data-loaders/runner/train-run.js";
import { parseConfig, type RunConfig } from "../../src/model/config.js";

/** Thousands of epochs a second. */
export const smallConfig = (fields: Partial<RunConfig> = {}): RunConfig =>
  parseConfig({ modulus: 7, d_model: 16, heads: 2, d_mlp: 32, train_fraction: 0.5, epochs: 100, ...fields });

export const QUIET: RunRequest["watch"] = { started() {}, trained() {}, analyzing() {} };

/** Trains into a store; `request` replaces parts of the usual. */
export function trainSmall(store: string, config: RunConfig, request: Partial<RunRequest> = {}): Promise<RunOutcome> {
  const keep: Keep = FULL;
  return trainRun({
    config,
    store,
    keep,
    createEngine: (problem) => createEngine("wasm", problem, { threads: 1 }),
    shouldStop: () => false,
    watch: QUIET,
    ...request,
  });
}

/** The run that a training has ended with. @throws Error where it was left */
export async function ended(outcome: Promise<RunOutcome>) {
  const result = await outcome;
  if (result.kind !== "ended") throw new Error(`left at epoch ${result.epoch}`);
  return result.run;
}
