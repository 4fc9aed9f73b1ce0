import { describe, expect, it } from "vitest";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { neuronFrequencies } from "../../src/analysis/neuron-frequencies.js";
import { plainGrid } from "../../src/analysis/pair-grid.js";
import { shuffledGrid } from "../../src/analysis/shuffled-grid.js";
import { wave } from "./synthetic.js";

const p = 31;
const width = 20;
const waves = Float64Array.from({ length: p * p * width }, (_, i) => {
  const [code, j] = [Math.floor(i / width), i % width];
  const w = wave(1 + (j % 3), p);
  return Math.max(0, Math.cos(w * Math.floor(code / p) + j) + Math.cos(w * (code % p) + j));
});
const fve = (grid = plainGrid(p)) => neuronFrequencies(lineCoefficients(waves, grid, width)).fve;

describe("the permutation null", () => {
  it("leaves no neuron explained by a frequency where all were", () => {
    for (const value of fve()) expect(value).toBeGreaterThan(0.85);
    for (const seed of [0, 1, 2])
      for (const value of fve(shuffledGrid(plainGrid(p), seed))) expect(value).toBeLessThan(0.6);
  });

  it("visits every pair once, and moves tokens alike in both places", () => {
    const { codes } = shuffledGrid(plainGrid(p), 5);
    expect(new Set(codes).size).toBe(p * p);
    const first = Array.from({ length: p }, (_, x) => Math.floor(codes[x * p] / p));
    const second = Array.from({ length: p }, (_, y) => codes[y] % p);
    expect(first).toEqual(second);
    expect(first).not.toEqual(Array.from({ length: p }, (_, x) => x));
  });
});
