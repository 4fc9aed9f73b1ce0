/** The order and the groups in which pages offer the stored runs. */
import { expect, it } from "vitest";
import { canonical } from "../../data-loaders/experiments/canonical.js";
import { SWEEPS } from "../../data-loaders/experiments/sweeps.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { byPlace, placeOfRun } from "../../data-loaders/tables/run-groups.js";
import { pickerLabels, shortRunLabel } from "../../src/figures/run-summary.js";
import { parseConfig, type RunConfig } from "../../src/model/config.js";
import type { RunRecord } from "../../src/training/run-record.js";
import { sampleRuns } from "../figures/stored-sample.js";

const record = (fields: Partial<RunConfig>) => {
  const config = parseConfig(fields);
  return { ...sampleRuns().trained.record, config, key: runKey(config) } as RunRecord;
};

it("groups the main model, then each run under the first sweep it is in", () => {
  expect(placeOfRun(record({ seed: 2 })).group).toBe("Main model");
  expect(placeOfRun(record({ seed: 7 })).group).toBe("Weight decay");
  expect(placeOfRun(record({ weight_decay: 2, seed: 1 })).group).toBe("Weight decay");
  expect(placeOfRun(record({ weight_decay: 3 })).group).toBe("Effective weight decay");
  expect(placeOfRun(record({ modulus: 23, seed: 4 })).group).toBe("Modulus");
  expect(placeOfRun(record({ modulus: 31, d_model: 64 })).group).toBe("Other runs");
  const started_from = { key: "x", epoch: 1, weights: "0", moments: "zero" as const };
  expect(placeOfRun({ ...record({ weight_decay: 2 }), key: "y", started_from }).group).toBe("Other runs");
});

it("keeps groups together and cells in the order of their grid", () => {
  const all = [...canonical.cells, ...SWEEPS.flatMap(({ cells }) => cells)].map(({ config }) => record(config));
  const runs = [...new Map(all.map((each) => [each.key, each])).values()].reverse().sort(byPlace);
  const groups = runs.map((each) => placeOfRun(each).group);
  expect(groups).toEqual([...groups].sort((a, b) => groups.indexOf(a) - groups.indexOf(b)));
  expect(groups[0]).toBe("Main model");
  const decays = runs
    .filter((each) => placeOfRun(each).group === "Weight decay")
    .map(({ config }) => config.weight_decay);
  expect(decays).toEqual([0, 0.01, 0.1, 0.3, 0.5, 2, 5]);
});

it.each([
  [{}, "main model, seed 0"],
  [{ weight_decay: 0.5, seed: 2 }, "weight decay 0.5, seed 2"],
  [{ modulus: 59 }, "p = 59, seed 0"],
  [{ operation: "cubic" }, "a³ + ab, seed 0"],
  [{ operation: "multiply", layers: 2 }, "a · b, layers 2, seed 0"],
] as const)("calls %j %s", (fields, label) => expect(shortRunLabel({ config: parseConfig(fields) })).toBe(label));

it("tells all runs of the picker apart", () => {
  const picked = (fields: Partial<RunConfig>, epoch: number) => ({ ...record(fields), ended: { epoch } });
  const labels = (...runs: ReturnType<typeof picked>[]) => [...pickerLabels(runs).values()];
  expect(labels(picked({}, 40_000), picked({ seed: 1 }, 40_000))).toEqual(["main model, seed 0", "main model, seed 1"]);
  expect(labels(picked({ weight_decay: 0, epochs: 10_000 }, 10_000), picked({ weight_decay: 0 }, 15_000))).toEqual([
    "weight decay 0, seed 0, 10,000 epochs",
    "weight decay 0, seed 0, 15,000 epochs",
  ]);
  const alike = labels(picked({ warmup_steps: 0 }, 200), picked({ warmup_steps: 10 }, 200));
  expect(new Set(alike).size).toBe(2);
});
