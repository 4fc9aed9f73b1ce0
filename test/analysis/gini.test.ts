import { describe, expect, it } from "vitest";
import { additiveCharacters } from "../../src/analysis/characters.js";
import { gini } from "../../src/analysis/gini.js";
import { classSpectrum, embeddingSpectrum, neuronLogitMap } from "../../src/analysis/spectra.js";
import { tensor } from "../../src/model/parameters.js";
import { circleModel, noise } from "./synthetic.js";

describe("the Gini coefficient", () => {
  it("is 1 − 1/n for one-hot values, 0 for equal ones", () => {
    expect(gini([0, 0, 3, 0, 0])).toBeCloseTo(0.8, 14);
    expect(gini([2, 2, 2])).toBeCloseTo(0, 14);
    expect(gini([0, 0])).toBe(0);
  });

  it("is half the mean difference over the mean", () => {
    const x = noise(3, 40).map(Math.abs);
    let difference = 0;
    for (const u of x) for (const v of x) difference += Math.abs(u - v);
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    expect(gini(x)).toBeCloseTo(difference / (2 * x.length ** 2 * mean), 12);
  });

  const { config, layout, random, trained } = circleModel([5, 11, 23]);
  const characters = additiveCharacters(config.modulus);
  const ofEmbedding = (weights: Float32Array) => gini(embeddingSpectrum(config, weights, characters));

  it("leaves the constant out: one vector added to every row of W_E changes nothing", () => {
    const shifted = random.slice();
    const W_E = tensor(layout, shifted, "W_E");
    const vector = noise(4, config.d_model);
    for (let i = 0; i < W_E.length; i++) W_E[i] += 10 * vector[i % config.d_model];
    expect(ofEmbedding(shifted)).toBeCloseTo(ofEmbedding(random), 4);
  });

  it("tells a model of few frequencies from a random one, in W_E and in W_L", () => {
    const ofMap = (weights: Float32Array) =>
      gini(classSpectrum(neuronLogitMap(config, weights), config.d_mlp, characters));
    expect(ofEmbedding(random)).toBeLessThan(0.2);
    expect(ofEmbedding(trained)).toBeGreaterThan(0.6);
    expect(ofMap(random)).toBeLessThan(0.2);
    expect(ofMap(trained)).toBeGreaterThan(0.6);
  });
});
