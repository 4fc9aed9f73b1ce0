/** Figures of the modulus, effective-weight-decay, operations and numerics sweeps: what they claim. */
import { describe, expect, it } from "vitest";
import { modulus as modulusGrid } from "../../data-loaders/experiments/modulus.js";
import { collapseCurves } from "../../src/figures/sweeps/collapse-curves.js";
import { memoryLaw, withinGroups } from "../../src/figures/sweeps/collapse-findings.js";
import { collapseGroups } from "../../src/figures/sweeps/collapse-groups.js";
import { modulus } from "../../src/figures/sweeps/compared-quantities.js";
import { modulusFrequencies } from "../../src/figures/sweeps/modulus-frequencies.js";
import { modulusLaw } from "../../src/figures/sweeps/modulus-law.js";
import { modulusPairs } from "../../src/figures/sweeps/modulus-pairs.js";
import { earlierLaw, earlierNeverUpTo } from "../../src/figures/sweeps/modulus-runs.js";
import { keptSentence } from "../../src/figures/sweeps/numerics-findings.js";
import { numericsOutcomes } from "../../src/figures/sweeps/numerics-outcomes.js";
import { sparsityBases } from "../../src/figures/sweeps/sparsity-bases.js";
import type { SweepTables } from "../../src/figures/sweeps/sweep.js";
import type { SweepRow } from "../../src/figures/sweeps/sweep-rows.js";
import type { RunConfig } from "../../src/model/config.js";
import { syntheticRow } from "../sweeps/synthetic-rows.js";
import {
  bases,
  byDecay,
  byRate,
  decays,
  fiveOperations,
  flat,
  overPrimes,
  primes,
  spiky,
  sweepOf,
  tablesOf,
  variants,
} from "./compared-sample.js";
import { drawOnPaper } from "./snapshot.js";

describe("modulus", () => {
  it("fits both laws, and says how many runs were stopped", () => {
    const claim = modulusLaw(primes).claim(overPrimes, {});
    expect(claim).toMatch(/^Over the 6 runs that grok, at 5 primes, time goes as p to the power −/);
    expect(claim).toContain("with the 5 that had not when they ended, as if all grokked in the end, as");
  });

  it("fits none through two primes", () => {
    const two = { ...overPrimes, rows: overPrimes.rows.filter(({ modulus: p }) => p < 67 || p > 100) };
    expect(modulusLaw(primes).headline(two, {}).value).toBeNull();
    expect(modulusLaw(primes).claim(two, {})).toBe("Too few to fit a law: of 8 runs 3 grok, at 2 different primes");
  });

  it("fits the earlier suite’s points of our grid, whose interval does not exclude 0", () => {
    const law = earlierLaw(primes);
    expect(law?.exponent).toBeCloseTo(-1.74, 2);
    expect(law?.interval[1]).toBeGreaterThan(0);
  });

  it("says up to which prime none of the earlier suite groks", () => {
    expect(earlierNeverUpTo(primes)).toBe(43);
    expect(earlierNeverUpTo(sweepOf({ ...modulusGrid, cells: modulusGrid.cells.slice(-2) }, modulus))).toBeNull();
  });

  it("counts frequencies of the runs that grok apart from the others", () => {
    expect(modulusFrequencies(primes).claim(overPrimes, {})).toBe(
      "Models that grok use 2 to 4 key frequencies, not 5 at every prime; in 4 of the 5 that do not grok, none stand out",
    );
  });

  it("names the fewest pairs of a run that groks and the most of one that does not", () => {
    expect(modulusPairs(primes).claim(overPrimes, {})).toBe(
      "p = 7 leaves 14 pairs to learn from; the fewest with which a run groks are 1,044, the most with which one does not 842",
    );
  });
});

describe("effective weight decay", () => {
  it("tells a clock of the decay from one of the learning rate", () => {
    const ratios = (tables: SweepTables) =>
      collapseGroups(decays, tables).map(({ collapse }) => collapse?.ratio ?? null);
    const [first, second, third] = ratios(byDecay);
    expect(first).toBeGreaterThan(5);
    expect(second).toBeGreaterThan(5);
    expect(third, "one of two cells trained").toBeNull();
    for (const ratio of ratios(byRate)) expect(ratio).toBeLessThan(0.1);
    expect(collapseCurves(decays).claim(byRate, {})).toContain("agree better on learning rate × epoch");
    expect(collapseCurves(decays).claim(byDecay, {})).toContain("agree better on plain epochs");
  });

  it("names the ratios of each axis apart where groups differ", () => {
    const mixed = tablesOf([...byRate.rows.slice(0, 3), ...byDecay.rows.slice(3, 5), ...byRate.rows.slice(5)]);
    const claim = collapseCurves(decays).claim(mixed, {});
    const [closer, others] = claim.split("; ");
    expect(closer).toMatch(/^In 2 of all 3 groups, .* on learning rate × epoch, which spreads them/);
    expect(closer.match(/\(λ · lr = [^)]*\)/g)).toEqual(["(λ · lr = 0.001)", "(λ · lr = 0.003)"]);
    expect(others).toMatch(/^in 1 they agree no worse on plain epochs: .* times \(λ · lr = 0\.002\) as far$/);
  });

  it("compares seeds with like seeds, and has their spread beside", () => {
    const seeds = tablesOf([...byRate.rows, syntheticRow({ seed: 1 }, 9000)]);
    const [group] = collapseGroups(decays, seeds);
    expect(group.collapse?.ratio).toBe(collapseGroups(decays, byRate)[0].collapse?.ratio);
    expect(group.seeds).toBeCloseTo(Math.log10(9000 / 6000) * Math.SQRT1_2, 1);
  });

  it("says how far the epochs of a group lie apart", () => {
    expect(withinGroups(decays, byDecay.rows)).toContain(
      "a factor of 1.02, while the learning rates differ by a factor of",
    );
    expect(withinGroups(decays, [])).toBeNull();
  });

  it("says how memorizing goes with the learning rate", () => {
    const rows = byRate.rows.map((row) => ({ ...row, memorized: Math.round(1 / row.learning_rate) }));
    const law = memoryLaw(rows);
    expect(law).toContain(
      "Over the 7 runs that memorize, the epoch of memorizing goes as the learning rate to the power −1 (",
    );
    expect(law).not.toContain("leaves it open");
    const level = rows.map((row, i) => ({ ...row, memorized: 140 + (i % 2) }));
    expect(memoryLaw(level)).toContain("which leaves it open whether it depends on the rate at all");
    expect(memoryLaw([])).toBeNull();
  });
});

it("operations: names the sparser basis of each operation that groks", () => {
  expect(sparsityBases(fiveOperations).claim(bases, {})).toBe(
    "The logits are sparser than those of random weights for a + b in additive characters (0.9 against 0.06) and a · b in " +
      "multiplicative characters (0.58 against 0.06)",
  );
});

describe("operations, beside random weights", () => {
  const figure = sparsityBases(fiveOperations);
  const subtraction = (multiplicative_logits: number, grokked: number | null = 9000, seed = 0) =>
    syntheticRow({ operation: "subtract", seed }, grokked, { additive_logits: 0.52, multiplicative_logits });
  const random = bases.random.map((each) =>
    each.operation === "subtract" ? { ...each, multiplicative: { ...flat, logits: 0.5 } } : each,
  );
  const claim = (...rows: SweepRow[]) => figure.claim({ ...tablesOf(rows), random }, {});

  it("names no basis that random weights are as sparse in", () => {
    expect(claim(subtraction(0.55))).toBe(
      "The logits are sparser than those of random weights for a − b in additive characters (0.52 against 0.06)",
    );
    const dense = { ...subtraction(0.55), additive_logits: 0.1 };
    expect(claim(dense)).toBe("The logits are clearly sparser than those of random weights for a − b in neither basis");
    expect(claim(syntheticRow({}, 6300), dense)).toMatch(/\(0\.9 against 0\.06\); for a − b in neither basis$/);
  });

  it("counts the runs that grok alone", () => {
    const failed = { ...subtraction(0.1, null, 1), additive_logits: 0.06 };
    expect(claim(subtraction(0.55), failed)).toBe(claim(subtraction(0.55)));
    const product = { operation: "multiply" } as const;
    const two = tablesOf([
      syntheticRow(product, 9000, { additive_logits: 0.1, multiplicative_logits: 0.6 }),
      syntheticRow({ ...product, seed: 1 }, null, { additive_logits: 0.1, multiplicative_logits: 0.1 }),
    ]);
    expect(figure.headline({ ...two, random }, {}).value).toBeCloseTo(0.5);
  });

  it("says nothing without random weights beside", () => {
    expect(figure.claim({ ...tablesOf([subtraction(0.55)]), random: [] }, {})).toMatch(/^Of no run .* yet$/);
  });
});

describe("numerics", () => {
  it("counts spikes by softmax", () => {
    expect(numericsOutcomes(variants).claim(spiky, {})).toBe(
      "The training loss spikes in 0 of 2 runs with an exact softmax, in 2 of 2 runs (312 spikes) with a naive one, whose losses " +
        "come to be exactly zero for up to 80.0\u00a0% of the pairs",
    );
  });

  it("has an axis of spikes for as many as there are", () => {
    const widest = (loss_spikes: number) => {
      const svg = drawOnPaper(numericsOutcomes(variants), tablesOf([syntheticRow({}, 6300, { loss_spikes })]));
      return [...svg.querySelectorAll("text")].map(({ textContent }) => textContent);
    };
    expect(widest(0)).not.toContain("100");
    expect(widest(3000)).toContain("1,000");
    expect(widest(60_000)).toContain("10,000");
  });

  it("says what was kept, and whether the runs go on long enough to tell", () => {
    const fast = ({ learning_rate }: Pick<RunConfig, "learning_rate">) => learning_rate === 1e-2;
    const sentence = keptSentence(variants, spiky.rows, fast);
    expect(sentence).toContain("exact softmax, β₂ 0.98: it passes 95 % at 400, and keeps it to epoch 2,400");
    expect(sentence).toContain("naive softmax, β₂ 0.98: it passes 95 % at 400, and ends at 31.0 %, at epoch 40,000");
    expect(sentence).toContain("lost it by epoch 18,400; none of ours that have not broken goes on for as long yet");
    const deep = keptSentence(variants, spiky.rows, ({ layers }: Pick<RunConfig, "layers">) => layers > 1);
    expect(deep).toBe(
      "No run of this sweep with 2 layers or 3 layers is trained yet: what breaks them cannot be said.",
    );
  });

  it("says whether the softmax or the optimizer breaks a model, once all four variants tell", () => {
    const fast = ({ learning_rate }: Pick<RunConfig, "learning_rate">) => learning_rate === 1e-2;
    const variantsWith = (broken: (softmax: string, beta2: number) => boolean) =>
      (["exact", "naive_float32"] as const).flatMap((softmax) =>
        [0.98, 0.999].map((beta2) =>
          syntheticRow(
            { softmax, beta2, learning_rate: 1e-2 },
            broken(softmax, beta2) ? null : 400,
            broken(softmax, beta2) ? { memorized: 50, first_crossing: null, final_train_accuracy: 0.01 } : {},
          ),
        ),
      );
    const said = (broken: (softmax: string, beta2: number) => boolean) =>
      keptSentence(variants, variantsWith(broken), fast);
    expect(said((_, beta2) => beta2 === 0.999)).toContain("the optimizer does it, not the rounding");
    expect(said((_, beta2) => beta2 === 0.999)).toContain("loses even the training pairs (1.0 % of them");
    expect(said((softmax) => softmax !== "exact")).toContain("the rounding does it, not the optimizer");
    expect(said(() => true)).toContain("All of them break");
    expect(said(() => false)).toContain("None of them breaks");
    expect(said((softmax, beta2) => softmax !== "exact" && beta2 === 0.999)).toContain(
      "naive with 0.999: it takes both",
    );
    expect(keptSentence(variants, variantsWith(() => true).slice(0, 3), fast)).not.toContain("All of them break");
  });
});
