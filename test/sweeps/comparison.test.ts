/** The earlier suite's results beside ours: which cell stands beside which, and the rule of the verdicts. */
import { describe, expect, it } from "vitest";
import { SWEEPS } from "../../data-loaders/experiments/sweeps.js";
import { compareGrid, comparisonClaim, judgeEnd, judgeEpoch, overall } from "../../src/figures/sweeps/comparison.js";
import { EARLIER_RESULTS, earlierResult, publishedResults } from "../../src/figures/sweeps/earlier-suite.js";
import { parseConfig } from "../../src/model/config.js";
import { syntheticGrid, syntheticRow } from "./synthetic-rows.js";

const earlier = (epoch: number | null) => ({ cell: {}, epoch });
const rows = (...epochs: (number | null)[]) => epochs.map((epoch, seed) => syntheticRow({ seed }, epoch));

describe("results of the earlier suite", () => {
  it("each belong to a cell of our grids", () => {
    const cells = SWEEPS.flatMap((sweep) => sweep.cells.map(({ config }) => earlierResult(config)));
    for (const result of EARLIER_RESULTS) expect(cells, JSON.stringify(result.cell)).toContain(result);
  });

  it("stand beside all variants of a model, and beside no other model", () => {
    expect(earlierResult(parseConfig({}))?.epoch).toBe(8350);
    expect(earlierResult(parseConfig({ softmax: "naive_float32", beta2: 0.999, seed: 3 }))?.epoch).toBe(8350);
    expect(earlierResult(parseConfig({ weight_decay: 2, learning_rate: 5e-4 }))?.epoch).toBe(6200);
    expect(earlierResult(parseConfig({ weight_decay: 0 }))).toBeUndefined();
    expect(publishedResults(parseConfig({})).map(({ text }) => text)).toEqual(["about 10,000", "7,930"]);
  });

  it("give no cell two different epochs", () => {
    const seen = new Map<string, number | null>();
    for (const { cell, epoch } of EARLIER_RESULTS) {
      const name = JSON.stringify(parseConfig(cell));
      expect(seen.get(name) ?? epoch, name).toBe(epoch);
      seen.set(name, epoch);
    }
  });
});

describe("the verdict on the epoch", () => {
  it("agrees within the factor between seeds, 1.83, of the median, or between the seeds", () => {
    expect(judgeEpoch(earlier(8350), rows(6300, 7600, 7400)).verdict).toBe("agrees");
    expect(judgeEpoch(earlier(8350), rows(1000, 1100, 9000)).verdict).toBe("agrees");
    expect(judgeEpoch(earlier(9000), rows(5000)).verdict).toBe("agrees");
    expect(judgeEpoch(earlier(9000), rows(4900))).toEqual({ verdict: "differs", reason: "earlier by a factor 1.84" });
    expect(judgeEpoch(earlier(1000), rows(3000))).toEqual({ verdict: "differs", reason: "later by a factor 3" });
  });

  it("waits until our runs are long enough to tell", () => {
    expect(judgeEpoch(earlier(8000), rows(null)).verdict).toBe("differs");
    expect(judgeEpoch(earlier(17_600), rows(null))).toEqual({ verdict: "open", reason: "stopped at epoch 15,000" });
    expect(judgeEpoch(earlier(null), rows(null)).verdict).toBe("open");
    const whole = { ended: 40_000, ended_reason: "complete" };
    expect(judgeEpoch(earlier(null), [syntheticRow({}, null, whole)]).verdict).toBe("agrees");
    expect(judgeEpoch(earlier(null), rows(12_000)).verdict).toBe("differs");
  });

  it("differs where the earlier run never got there and even one of ours does", () => {
    const late = { ended: 40_000, ended_reason: "complete" };
    const seeds = [25_000, 24_000, null, null, null].map((epoch, seed) => syntheticRow({ seed }, epoch, late));
    expect(judgeEpoch(earlier(null), seeds)).toEqual({ verdict: "differs", reason: "2 of our 5 runs get there" });
    expect(judgeEpoch(earlier(null), seeds.slice(1, 4)).reason).toBe("1 of our 3 runs gets there");
    expect(judgeEpoch(earlier(null), [...rows(25_000), syntheticRow({ seed: 1 }, null)]).verdict).toBe("differs");
    expect(judgeEpoch(earlier(null), seeds.slice(2)).verdict).toBe("agrees");
  });

  it("says where there is nothing to compare", () => {
    expect(judgeEpoch(earlier(900), []).verdict).toBe("missing");
    expect(judgeEpoch(undefined, rows(900)).verdict).toBe("new");
  });
});

describe("the verdict on the end", () => {
  const collapsing = { cell: {}, epoch: 300, collapses: 18_400 };

  it("is asked only where the earlier run lost it", () => {
    expect(judgeEnd(earlier(300), rows(300))).toBeNull();
    expect(judgeEnd({ cell: {}, epoch: 300, finalAccuracy: 0.99 }, rows(300))).toBeNull();
  });

  it("needs runs that went past the collapse", () => {
    expect(judgeEnd(collapsing, rows(300))?.verdict).toBe("open");
    expect(judgeEnd(collapsing, [syntheticRow({}, 300, { ended: 40_000 })])?.verdict).toBe("differs");
    const fallen = { ended: 40_000, final_test_accuracy: 0.2, grokked: null };
    expect(judgeEnd(collapsing, [syntheticRow({}, 300, fallen)])).toEqual({
      verdict: "agrees",
      reason: "ours end at 20.0\u00a0%",
    });
  });
});

it("compares a grid cell by cell and counts the verdicts", () => {
  const grid = syntheticGrid([
    { weight_decay: 0 },
    { weight_decay: 0.1 },
    {},
    { weight_decay: 2 },
    { weight_decay: 5 },
  ]);
  const compared = compareGrid(grid, [
    syntheticRow({ weight_decay: 0.1 }, null),
    ...rows(6300, 7600),
    syntheticRow({ weight_decay: 2 }, 9000),
    syntheticRow({ modulus: 31 }, 9000),
  ]);
  expect(compared.map(({ name }) => name)).toEqual([0, 0.1, 1, 2, 5].map((decay) => `weight decay ${decay}`));
  expect(compared.map(overall)).toEqual(["missing", "open", "agrees", "differs", "missing"]);
  expect(comparisonClaim(compared)).toBe(
    "Of the 4 cells that the earlier suite has too, 1 agrees, 1 differs, 1 cannot be told yet and 1 is not trained yet",
  );
});
