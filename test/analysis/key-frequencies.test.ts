import { describe, expect, it } from "vitest";
import { additiveCharacters } from "../../src/analysis/characters.js";
import { keysAbove, keysOfNeurons, topFrequencies } from "../../src/analysis/key-frequencies.js";
import { keyFrequencies } from "../../src/analysis/run-analysis.js";
import { embeddingSpectrum } from "../../src/analysis/spectra.js";
import { tensor } from "../../src/model/parameters.js";
import { circleModel } from "./synthetic.js";

const keys = [5, 11, 23];
const { config, layout, random, trained } = circleModel(keys);
const { modulus: p, d_model } = config;
const spectrum = (weights: Float32Array) => embeddingSpectrum(config, weights, additiveCharacters(p));

describe("key frequencies", () => {
  it("are those a model was built from, by rules A and B; a random model has none", () => {
    expect(keysAbove(spectrum(trained), p)).toEqual(keys);
    expect(keyFrequencies(config, trained)).toEqual(keys);
    expect(keysAbove(spectrum(random), p)).toBeNull();
    expect(keyFrequencies(config, random)).toBeNull();
  });

  it("are the same for k and p − k", () => {
    const mirrored = circleModel([5, p - 11, 23]).trained;
    expect(keysAbove(spectrum(mirrored), p)).toEqual(keys);
    expect(keyFrequencies(config, mirrored)).toEqual(keys);
  });

  it("do not change when all tokens are shifted", () => {
    const shifted = trained.slice();
    const W_E = tensor(layout, trained, "W_E");
    const moved = tensor(layout, shifted, "W_E");
    for (let t = 0; t < p; t++) moved.set(W_E.subarray(t * d_model, (t + 1) * d_model), ((t + 7) % p) * d_model);
    expect(keysAbove(spectrum(shifted), p)).toEqual(keys);
    spectrum(shifted).forEach((norm, i) => {
      expect(norm).toBeCloseTo(spectrum(trained)[i], 5);
    });
  });

  it("are all above the share of the largest that is asked for", () => {
    const norms = Float64Array.of(1, 8, 2, 4.1, 0, 2.1);
    expect(keysAbove(norms, 13)).toEqual([2, 4, 6]);
    expect(keysAbove(norms, 13, 0.5)).toEqual([2, 4]);
    expect(keysAbove(norms, 13, 0.01)).toBeNull();
    expect(keysAbove(new Float64Array(6), 13)).toBeNull();
    expect(topFrequencies(norms, 2)).toEqual([2, 4]);
  });

  it("by rule C are those of the neurons explained well enough", () => {
    expect(keysOfNeurons([4, 2, 4, 3], [0.9, 0.86, 0.99, 0.84], 13)).toEqual([2, 4]);
    expect(keysOfNeurons([4, 2], [0.5, 0.2], 13)).toBeNull();
  });
});
