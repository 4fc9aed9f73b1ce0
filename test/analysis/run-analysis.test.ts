import { describe, expect, it } from "vitest";
import { analyzeCheckpoint, keyFrequencies } from "../../src/analysis/run-analysis.js";
import { parseConfig } from "../../src/model/config.js";
import { splitPairs } from "../../src/model/dataset.js";
import { initialParameters } from "../../src/model/initialise.js";
import { mean, rowLoss } from "../../src/model/losses.js";
import { circleModel, clockLogits, logitsOf, noise } from "./synthetic.js";

const keys = [5, 11, 23];
const { config, random, trained } = circleModel(keys);
const p = config.modulus;
const split = splitPairs(config);

describe("analysis of a checkpoint", () => {
  it("measures an ideal model", () => {
    const logits = clockLogits(p, keys, 12);
    const { spectra, progress } = analyzeCheckpoint(config, split, trained, logits, keys, 300);
    expect(spectra.map((row) => row.frequency)).toEqual(Array.from({ length: (p - 1) / 2 }, (_, i) => i + 1));
    // The squares of 12 cos w_k(a + b − c) over p³ values sum to 144 p³/2.
    for (const row of spectra) {
      if (keys.includes(row.frequency)) expect(row.logits / (12 * Math.sqrt(p ** 3 / 2))).toBeCloseTo(1, 5);
      else expect(row.logits).toBeLessThan(0.01);
    }
    const full = mean(
      Float64Array.from(split.train, (code) => rowLoss(logits, code * p, p, (Math.floor(code / p) + code) % p)),
    );
    expect(progress.epoch).toBe(300);
    expect(progress.restricted_test! / full).toBeCloseTo(1, 3);
    expect(progress.excluded_train).toBeCloseTo(Math.log(p), 4);
    expect(progress.excluded_by_frequency).toHaveLength(3);
    expect(progress.excluded_max).toBeCloseTo(Math.max(...progress.excluded_by_frequency!), 12);
    expect(progress.gini_W_E).toBeGreaterThan(0.6);
  });

  it("gives a model without key frequencies no restricted or excluded loss", () => {
    const logits = Float32Array.from(noise(2, p ** 3));
    expect(keyFrequencies(config, random)).toBeNull();
    const { progress } = analyzeCheckpoint(config, split, random, logits, null, 0);
    expect(progress.restricted_test).toBeNull();
    expect(progress.excluded_train).toBeNull();
    expect(progress.excluded_by_frequency).toBeNull();
    expect(progress.excluded_max).toBeGreaterThan(1);
    expect(progress.gini_W_E).toBeLessThan(0.2);
  });

  it.each([
    ["add", 2],
    ["add", 8],
    ["add", 9],
    ["subtract", 12],
    ["multiply", 11],
    ["squares", 7],
    ["cubic", 5],
  ] as const)("has a spectrum for %s mod %i", (operation, modulus) => {
    const small = parseConfig({ operation, modulus, d_model: 8, d_mlp: 6, heads: 2, train_fraction: 0.5 });
    const weights = initialParameters(small);
    const logits = logitsOf(modulus, (a, b, c) => Math.cos(a * b + c));
    const result = analyzeCheckpoint(small, splitPairs(small), weights, logits, keyFrequencies(small, weights), 1);
    expect(result.spectra).toHaveLength(Math.floor(modulus / 2));
    for (const row of result.spectra) expect(row.W_E + row.W_L + row.logits).toBeGreaterThan(0);
    expect(Number.isFinite(result.progress.excluded_max)).toBe(true);
  });

  it.each(["multiply", "squares", "cubic"] as const)("has none for %s with a composite modulus", (operation) => {
    const small = parseConfig({ operation, modulus: 9, d_model: 8, d_mlp: 6, heads: 2, train_fraction: 0.5 });
    const weights = initialParameters(small);
    expect(keyFrequencies(small, weights)).toBeNull();
    const { spectra, progress } = analyzeCheckpoint(
      small,
      splitPairs(small),
      weights,
      logitsOf(9, () => 0),
      null,
      1,
    );
    expect(spectra).toEqual([]);
    expect(progress.excluded_max).toBeNull();
    expect(progress.gini_W_E).toBeGreaterThan(0);
  });

  it("uses the last block's neurons in a deeper model", () => {
    const deep = circleModel([4, 9], { layers: 2 });
    expect(keyFrequencies(deep.config, deep.trained)).toEqual([4, 9]);
  });
});
