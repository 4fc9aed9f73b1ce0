/** Weight matrices read between tokens and classes, against products written out and against known spectra. */
import { describe, expect, it } from "vitest";
import { additiveCharacters, multiplicativeCharacters } from "../../src/analysis/characters.js";
import { fourierBasis } from "../../src/analysis/fourier.js";
import { classSpectrum, embeddingSpectrum, neuronLogitMap } from "../../src/analysis/spectra.js";
import { besideEachOther, rowShare, rowsByFrequency, weightWaves } from "../../src/analysis/weight-waves.js";
import { type ModelShape, parseConfig } from "../../src/model/config.js";
import { initialParameters } from "../../src/model/initialise.js";
import { parameterLayout, tensor } from "../../src/model/parameters.js";

const config = parseConfig({ modulus: 11, d_model: 6, heads: 2, d_mlp: 10 });
const parameters = initialParameters(config);
const p = config.modulus;
const additive = additiveCharacters(p);
const bases = { tokens: additive, answers: additive };
const weights = (name: string) => tensor(parameterLayout(config), parameters, name);

/** F X for X [p, columns], written out. */
function transformed(X: (row: number, column: number) => number, columns: number): number[] {
  const F = fourierBasis(p);
  return Array.from({ length: p * columns }, (_, at) => {
    const [u, j] = [Math.floor(at / columns), at % columns];
    return Array.from({ length: p }, (_, t) => F[u * p + t] * X(t, j)).reduce((sum, x) => sum + x, 0);
  });
}

const sum = (count: number, term: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((total, x) => total + x, 0);

const W_E = (token: number, i: number) => weights("W_E")[token * config.d_model + i];
const headed = (name: string, h: number, i: number, d: number) =>
  weights(`blocks.0.${name}`)[(h * config.d_model + i) * config.d_head + d];
const value = (token: number, h: number, d: number) =>
  sum(config.d_model, (i) => W_E(token, i) * headed("W_V", h, i, d));
const afterAttention = (token: number, j: number) =>
  sum(config.heads, (h) =>
    sum(
      config.d_head,
      (d) => value(token, h, d) * weights("blocks.0.W_O")[(h * config.d_head + d) * config.d_model + j],
    ),
  );

function expectWaves(name: "W_K" | "W_O" | "W_in", X: (token: number, column: number) => number, columns: number) {
  const waves = weightWaves(config, parameters, name, 1, bases);
  expect([waves.rows, waves.columns]).toEqual([p, columns]);
  transformed(X, columns).forEach((expected, at) => {
    expect(waves.values[at]).toBeCloseTo(expected, 6);
  });
}

describe("a matrix inside the model", () => {
  it("W_K is W_E W_K, the heads beside each other", () => {
    const { heads, d_head, d_model } = config;
    const key = (token: number, column: number) =>
      sum(d_model, (i) => W_E(token, i) * headed("W_K", Math.floor(column / d_head), i, column % d_head));
    expectWaves("W_K", key, heads * d_head);
  });

  it("W_O is what all heads add to the residual stream, W_in what that brings to each neuron", () => {
    expectWaves("W_O", afterAttention, config.d_model);
    const { d_model, d_mlp } = config;
    const atNeuron = (token: number, n: number) =>
      sum(d_model, (j) => afterAttention(token, j) * weights("blocks.0.W_in")[j * d_mlp + n]);
    expectWaves("W_in", atNeuron, d_mlp);
  });

  it("W_E and W_out have the norms of the spectra of W_E and W_L", () => {
    const energyOf = (name: "W_E" | "W_out", k: number) =>
      rowShare(weightWaves(config, parameters, name, 1, bases), [k]);
    const share = (norms: Float64Array, k: number) =>
      norms[k - 1] ** 2 / norms.reduce((all, norm) => all + norm ** 2, 0);
    const W_L = neuronLogitMap(config, parameters);
    for (const k of [1, 3, 5]) {
      expect(energyOf("W_E", k)).toBeCloseTo(share(embeddingSpectrum(config, parameters, additive), k), 9);
      expect(energyOf("W_out", k)).toBeCloseTo(share(classSpectrum(W_L, config.d_mlp, additive), k), 9);
    }
  });

  it("takes the layer asked for", () => {
    const deep: ModelShape = { ...config, layers: 2 };
    const both = initialParameters({ ...config, layers: 2 });
    const layout = parameterLayout(deep);
    const zeroed = both.slice();
    tensor(layout, zeroed, "blocks.1.W_K").fill(0);
    const energy = (layer: number) =>
      weightWaves(deep, zeroed, "W_K", layer, bases).values.reduce((all, x) => all + x * x, 0);
    expect(energy(1)).toBeGreaterThan(0);
    expect(energy(2)).toBe(0);
  });
});

describe("the rows of a frequency", () => {
  it("hold everything of an embedding of that frequency, whatever its constant", () => {
    const waved = parameters.slice();
    const rows = tensor(parameterLayout(config), waved, "W_E");
    for (let t = 0; t < p; t++) {
      for (let i = 0; i < config.d_model; i++) {
        rows[t * config.d_model + i] = 7 + Math.cos((2 * Math.PI * 3 * t) / p + i);
      }
    }
    const waves = weightWaves(config, waved, "W_E", 1, bases);
    expect(rowShare(waves, [3])).toBeCloseTo(1, 9);
    expect(rowShare(waves, [1, 2, 4, 5])).toBeCloseTo(0, 9);
  });

  it("are those of the discrete logarithm in the multiplicative basis", () => {
    const group = multiplicativeCharacters(p);
    const waved = parameters.slice();
    const rows = tensor(parameterLayout(config), waved, "W_E");
    for (let t = 0; t < p; t++) {
      for (let i = 0; i < config.d_model; i++) {
        rows[t * config.d_model + i] = Math.cos((2 * Math.PI * 2 * group.positions[t]) / group.size + i);
      }
    }
    expect(rowShare(weightWaves(config, waved, "W_E", 1, { tokens: group, answers: group }), [2])).toBeCloseTo(1, 6);
    expect(rowShare(weightWaves(config, waved, "W_E", 1, bases), [2])).toBeLessThan(0.6);
  });

  it("come first, in the order given, and every other row once, but for the constant", () => {
    const order = rowsByFrequency(11, [4, 2]);
    expect(order.slice(0, 4)).toEqual([7, 8, 3, 4]);
    expect([...order].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(rowsByFrequency(10, [5])[0]).toBe(9);
  });
});

it("puts heads beside each other", () => {
  const heads = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...besideEachOther(heads, 2, 2, 2)]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
});
