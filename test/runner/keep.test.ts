/** What `grok train` keeps of a run, by what it is and where it goes. */
import { expect, test } from "vitest";
import { FULL, SLIM } from "../../data-loaders/experiments/experiment.js";
import { keepOfTraining } from "../../data-loaders/experiments/presets.js";
import { OWN_STORE, REFERENCE_STORE } from "../../data-loaders/places.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import type { StartedFrom } from "../../src/training/run-record.js";

const runOf = (fields: Partial<RunConfig>, started_from?: StartedFrom) => {
  const config = parseConfig(fields);
  return { key: runKey(config, started_from), config, started_from };
};
const OWN = { ...FULL, checkpoints: 20 };

test("a run of a sweep is slim among the committed ones, whatever its seed, unless weights are asked for", () => {
  for (const seed of [0, 7]) {
    const run = runOf({ modulus: 59, seed });
    expect(keepOfTraining(run, REFERENCE_STORE)).toEqual(SLIM);
    expect(keepOfTraining(run, REFERENCE_STORE, 40)).toEqual({ ...OWN, checkpoints: 40 });
    expect(keepOfTraining(run, OWN_STORE)).toEqual(OWN);
  }
});

test("other runs are kept as their experiment asks, or for every figure", () => {
  expect(keepOfTraining(runOf({}), REFERENCE_STORE)).toEqual(FULL);
  expect(keepOfTraining(runOf({ seed: 1 }), OWN_STORE)).toEqual(SLIM);
  expect(keepOfTraining(runOf({ modulus: 61 }), REFERENCE_STORE)).toEqual(OWN);
  const from: StartedFrom = { key: runOf({}).key, epoch: 100, weights: "0".repeat(64), moments: "zero" };
  expect(keepOfTraining(runOf({ modulus: 59 }, from), REFERENCE_STORE)).toEqual(OWN);
});
