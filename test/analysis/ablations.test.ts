import { describe, expect, it } from "vitest";
import { degreeTwoNeurons, keptLogits, keptNeurons, meanLoss, removedLogits } from "../../src/analysis/ablations.js";
import { additiveCharacters } from "../../src/analysis/characters.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { product } from "../../src/analysis/matrix.js";
import {
  classDirections,
  directionFits,
  projectedMlp,
  rankFor,
  residualShare,
  singularValues,
} from "../../src/analysis/neuron-logit-map.js";
import { pairGrid, plainGrid } from "../../src/analysis/pair-grid.js";
import { readOutOf } from "../../src/analysis/read-out.js";
import { excludedLosses, meanOver, restrictedLosses } from "../../src/analysis/restricted-excluded.js";
import { sumIndex, sumMeans } from "../../src/analysis/sum-directions.js";
import { addMaps, degreeTwoFits, maskedMaps } from "../../src/analysis/wave-maps.js";
import { parseConfig } from "../../src/model/config.js";
import { parameterLayout } from "../../src/model/parameters.js";
import { clockLogits, noise, wave } from "./synthetic.js";

const shape = parseConfig({ modulus: 13, d_model: 12, heads: 3, d_mlp: 20, train_fraction: 0.5 });
const { modulus: p, d_mlp } = shape;
const weights = Float32Array.from(noise(6, parameterLayout(shape).size), (value) => value / 2);
const all = inspectAllPairs(shape, weights);
const { logits } = all;
const hidden = all.hidden[0];
const grid = plainGrid(p);
const keys = [2, 5];
const lines = lineCoefficients(logits, grid, p);
const neurons = lineCoefficients(hidden, grid, d_mlp);
const every = Uint32Array.from({ length: p * p }, (_, code) => code);

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-4) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(within);
}

describe("the read-out of the neurons", () => {
  it.each([1, 2])("gives the logits, with what passes by the MLP, in %i layers", (layers) => {
    const model = { ...shape, layers };
    const values = Float32Array.from(noise(7, parameterLayout(model).size), (value) => value / 3);
    const run = inspectAllPairs(model, values);
    const { map, direct, throughMlp } = readOutOf(model, values, run);
    expectNear(throughMlp, product(run.hidden[layers - 1], map, p * p, d_mlp, p), 1e-3);
    expectNear(
      direct.map((logit, i) => logit + throughMlp[i]),
      run.logits,
    );
  });
});

describe("masked logits", () => {
  const { labels } = sumIndex("add", p);
  const sums = sumMeans(logits, sumIndex("add", p), p);

  it("kept on the directions have the restricted loss, removed from them the excluded loss", () => {
    const kept = keptLogits(logits, lines, grid, "directions", keys);
    expect(meanLoss(kept, labels, every, p)).toBeCloseTo(meanOver(restrictedLosses(sums, keys), every), 5);
    const removed = removedLogits(logits, lines, grid, "directions", keys);
    expect(meanLoss(removed, labels, every, p)).toBeCloseTo(excludedLosses(logits, sums, every, [keys])[0], 5);
  });

  it("add up: what is kept and what is removed, less the constant, is all", () => {
    for (const mask of ["directions", "blocks", "terms"] as const) {
      const kept = keptLogits(logits, lines, grid, mask, keys);
      const constant = keptLogits(logits, lines, grid, mask, []);
      const removed = removedLogits(logits, lines, grid, mask, keys);
      expectNear(
        kept.map((value, i) => value + removed[i] - constant[i]),
        logits,
      );
    }
  });

  it("leave pairs with a zero factor as they are", () => {
    const products = pairGrid("multiply", p);
    const kept = keptLogits(logits, lineCoefficients(logits, products, p), products, "terms", keys);
    expectNear(kept.subarray(0, p * p), logits.subarray(0, p * p), 1e-9);
    expect(Math.abs(kept[(p + 1) * p] - logits[(p + 1) * p])).toBeGreaterThan(1e-3);
  });
});

describe("masked and replaced neurons", () => {
  const readOut = readOutOf(shape, weights, all);
  /** Logits from given activations, the rest of the model as it is. */
  const rerun = (activations: Float64Array) =>
    product(activations, readOut.map, p * p, d_mlp, p).map((value, i) => value + readOut.direct[i]);

  it("reach the logits as if the model were run on with them", () => {
    const masked = new Float64Array(p * p * d_mlp);
    addMaps(masked, maskedMaps(neurons, "directions", keys), grid);
    expectNear(keptNeurons(logits, readOut, neurons, grid, "directions", keys), rerun(masked), 1e-3);
    const frequencies = Array.from({ length: d_mlp }, (_, j) => (j % 3 === 0 ? 0 : 1 + (j % 5)));
    const fits = new Float64Array(p * p * d_mlp);
    addMaps(fits, degreeTwoFits(neurons, frequencies), grid);
    const mixed = fits.map((value, i) => (frequencies[i % d_mlp] > 0 ? value : hidden[i]));
    expectNear(degreeTwoNeurons(logits, readOut, hidden, neurons, grid, frequencies), rerun(mixed), 1e-3);
  });

  it("projected on the directions of W_L and on their null space add up to all", () => {
    const { onDirections, onNullSpace } = projectedMlp(readOut, d_mlp, additiveCharacters(p), keys);
    expectNear(
      onDirections.map((value, i) => value + onNullSpace[i] - readOut.direct[i]),
      logits,
      1e-3,
    );
    // Taken out of the activations, the span leaves nothing along the classes' waves of its frequencies.
    const directions = classDirections(additiveCharacters(p), keys);
    const rest = onNullSpace.map((value, i) => value - readOut.direct[i]);
    for (const value of product(rest, directions, p * p, p, 2 * keys.length))
      expect(Math.abs(value)).toBeLessThan(1e-3);
  });
});

describe("the neuron–logit map", () => {
  const answers = additiveCharacters(p);
  const m = 30;
  const circles = (frequencies: number[]) =>
    Float64Array.from({ length: m * p }, (_, i) =>
      frequencies.reduce((sum, k) => sum + Math.cos(wave(k, p) * (i % p) + k * Math.floor(i / p) ** 2), 0),
    );

  it("has two singular values for each frequency, and no residual", () => {
    const values = singularValues(circles(keys), m, p);
    expect(rankFor(values)).toBe(4);
    expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(
      circles(keys).reduce((sum, value) => sum + value * value, 0),
      6,
    );
    expect(residualShare(circles(keys), m, classDirections(answers, keys))).toBeLessThan(1e-6);
    expect(residualShare(circles(keys), m, classDirections(answers, [2]))).toBeGreaterThan(0.5);
    const random = noise(9, m * p);
    expect(rankFor(singularValues(random, m, p))).toBeGreaterThan(10);
    expect(residualShare(random, m, classDirections(answers, keys))).toBeGreaterThan(0.7);
  });

  it("reads waves of the answer from a model that adds", () => {
    const ideal = clockLogits(p, keys);
    const readOut = { map: circles(keys), direct: new Float32Array(p ** 3), throughMlp: ideal };
    const fits = directionFits(readOut, grid, answers, keys);
    expect(fits.map(({ frequency, wave: kind }) => `${kind} ${frequency}`)).toEqual([
      "cos 2",
      "sin 2",
      "cos 5",
      "sin 5",
    ]);
    for (const { fve } of fits) expect(fve).toBeCloseTo(1, 5);
    for (const { fve } of directionFits(readOutOf(shape, weights, all), grid, answers, keys))
      expect(fve).toBeLessThan(0.85);
  });
});
