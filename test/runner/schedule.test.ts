/** The plan of a run, the choice of checkpoints, thinning, milestones and loss spikes. */
import { describe, expect, test } from "vitest";
import { findMilestones } from "../../src/training/milestones.js";
import type { MetricsRow, ProgressRow } from "../../src/training/run-record.js";
import { chooseByArcLength, planRun, thinMetrics } from "../../src/training/schedule.js";
import { NO_SPIKES, observeLoss } from "../../src/training/spikes.js";

/** A grokking run: memorized by epoch 200, test accuracy climbs around `grokked`. */
function row(epoch: number, grokked = 8000): MetricsRow {
  const share = 1 / (1 + Math.exp((grokked - epoch) / 300));
  return {
    epoch,
    train_loss: 5 * Math.exp(-Math.min(epoch, 2000) / 150),
    test_loss: 20 * (1 - share) + 1e-6,
    train_accuracy: Math.min(1, epoch / 200),
    test_accuracy: share,
    sum_squared_weights: 1000 - Math.abs(epoch - 1200) / 100,
  } as MetricsRow;
}

const canonical = planRun(40_000);
const rows = canonical.evaluations.map((epoch) => row(epoch));

describe("the plan", () => {
  test("evaluates at least every 50 epochs, every 10 before 1,000, each of the first ten", () => {
    const { evaluations } = canonical;
    expect(evaluations.slice(0, 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20]);
    expect(evaluations.at(-1)).toBe(40_000);
    for (let i = 1; i < evaluations.length; i++) {
      const interval = evaluations[i] - evaluations[i - 1];
      expect(interval).toBeLessThanOrEqual(evaluations[i] <= 1000 ? 10 : 50);
      expect(interval).toBeGreaterThan(0);
    }
  });

  test.each([1, 7, 100, 995, 1000, 1001, 40_000, 1_000_000])(
    "of %d epochs sets aside both ends and at most 220",
    (last) => {
      const { evaluations, candidates } = planRun(last);
      expect([candidates[0], candidates.at(-1)]).toEqual([0, last]);
      expect(candidates.length).toBeLessThanOrEqual(220);
      expect(new Set(evaluations).size).toBe(evaluations.length);
      for (const epoch of candidates) expect(evaluations).toContain(epoch);
    },
  );

  test("of 40,000 epochs leaves no more than 250 between weights", () => {
    const { candidates } = canonical;
    expect(candidates.length).toBeGreaterThanOrEqual(120);
    for (let i = 1; i < candidates.length; i++) expect(candidates[i] - candidates[i - 1]).toBeLessThanOrEqual(250);
  });

  test("from stored weights begins there and keeps the same epochs", () => {
    const { evaluations, candidates } = planRun(2000, 123);
    expect(evaluations.slice(0, 3)).toEqual([123, 130, 140]);
    expect([candidates[0], candidates.at(-1)]).toEqual([123, 2000]);
  });
});

describe("chosen checkpoints", () => {
  test.each([1, 2, 40, 120])("%d of them are distinct, ascending, the last among them", (count) => {
    const chosen = chooseByArcLength(rows, canonical.candidates, count);
    expect(chosen).toHaveLength(count);
    expect(chosen.at(-1)).toBe(40_000);
    if (count > 1) expect(chosen[0]).toBe(0);
    expect([...new Set(chosen)].sort((a, b) => a - b)).toEqual(chosen);
    for (const epoch of chosen) expect(canonical.candidates).toContain(epoch);
  });

  test("are dense where the run changes", () => {
    const chosen = chooseByArcLength(rows, canonical.candidates, 40);
    const within = (from: number, to: number) => chosen.filter((epoch) => epoch >= from && epoch <= to).length;
    expect(within(6500, 9500)).toBeGreaterThanOrEqual(8);
    expect(within(20_000, 39_999)).toBeLessThanOrEqual(4);
  });

  test("are all there are where there are few", () => {
    expect(chooseByArcLength(rows, [0, 10, 100], 40)).toEqual([0, 10, 100]);
    expect(chooseByArcLength(rows, [0, 10, 100], 0)).toEqual([]);
  });
});

test("thinned metrics keep their ends and the milestones' neighbours, so that milestones stay", () => {
  const milestones = findMilestones(rows, [], 113);
  const dates = [
    milestones.memorized,
    milestones.grokked,
    milestones.test_accuracy_climbs,
    milestones.weight_norm_peaks,
  ];
  const thin = thinMetrics(rows, 80, dates as number[]);
  expect(thin).toHaveLength(80);
  expect([thin[0], thin.at(-1)]).toEqual([rows[0], rows.at(-1)]);
  expect(findMilestones(thin, [], 113)).toEqual(milestones);
  // Log-spaced: each decade of epochs has its share.
  const share = thin.filter(({ epoch }) => epoch >= 100 && epoch < 1000).length;
  expect(share).toBeGreaterThan(10);
  expect(share).toBeLessThan(35);
  expect(thinMetrics(rows.slice(0, 5), 80, [])).toEqual(rows.slice(0, 5));
});

describe("milestones", () => {
  test("of a run that groks", () => {
    expect(findMilestones(rows, [], 113)).toEqual({
      memorized: 200,
      grokked: 8900,
      first_crossing: 8900,
      test_accuracy_climbs: rows.find(({ test_accuracy }) => test_accuracy >= 5 / 113)!.epoch,
      gini_rises: null,
      weight_norm_peaks: 1200,
      evaluation_interval: 50,
    });
  });

  test("a crossing that does not stay is a first crossing, not grokking", () => {
    const lost = rows.map((each) => (each.epoch === 30_000 ? { ...each, test_accuracy: 0.5 } : each));
    expect(findMilestones(lost, [], 113)).toMatchObject({ first_crossing: 8900, grokked: 30_050 });
    const never = rows.map((each) => ({ ...each, test_accuracy: each.epoch === 500 ? 0.96 : 0.01 }));
    expect(findMilestones(never, [], 113)).toMatchObject({
      first_crossing: 500,
      grokked: null,
      test_accuracy_climbs: null,
      evaluation_interval: 50,
    });
  });

  test("Gini rises where it stays above its early maximum for 500 epochs", () => {
    const gini = (epoch: number, value: number) => ({ epoch, gini_W_E: value }) as ProgressRow;
    const early = [gini(0, 0.2), gini(100, 0.3), gini(200, 0.25)];
    const dates = (...later: ProgressRow[]) => findMilestones(rows, [...early, ...later], 113).gini_rises;
    expect(dates(gini(300, 0.31), gini(400, 0.29), gini(500, 0.32), gini(1000, 0.4), gini(2000, 0.5))).toBe(500);
    expect(dates(gini(300, 0.31), gini(700, 0.4))).toBeNull();
    expect(dates(gini(300, 0.1), gini(2000, 0.2))).toBeNull();
  });
});

test.each([
  { losses: [1, 0.01, 0.9, 1.01, 5, 0.2, 1.5, 0.05, 2, 0.001, 0.11], spikes: [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3] },
  { losses: [1, 0, 5e-11, 9e-9, 2e-8, 0, 1e-3], spikes: [0, 0, 0, 0, 1, 1, 2] },
])("a spike begins above 100 times the lowest loss and ends below 10 times it: $losses", ({ losses, spikes }) => {
  const counts = losses.map(
    ((state) => (loss: number) => {
      state = observeLoss(state, loss);
      return state.count;
    })({ ...NO_SPIKES }),
  );
  expect(counts).toEqual(spikes);
});
