/** The committed run of the main model, against random weights of the same size: every analysis tells them apart. */
import { describe, expect, it } from "vitest";
import { REFERENCE_STORE } from "../../data-loaders/places.js";
import { runKey } from "../../data-loaders/run-store/run-key.js";
import { readCheckpoints, readMetrics, readProgress, readRun, runFolder } from "../../data-loaders/run-store/store.js";
import { degreeTwoNeurons, keptLogits, keptNeurons, meanLoss, removedLogits } from "../../src/analysis/ablations.js";
import { attentionFits } from "../../src/analysis/attention-fit.js";
import { additiveCharacters } from "../../src/analysis/characters.js";
import { correctLogits, distanceIrrelevance, gradientSymmetricity } from "../../src/analysis/clock-pizza.js";
import { cosineFit } from "../../src/analysis/cosine-fit.js";
import { circularity } from "../../src/analysis/embedding-circles.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { keysOfNeurons } from "../../src/analysis/key-frequencies.js";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { neuronClusters, neuronFrequencies } from "../../src/analysis/neuron-frequencies.js";
import {
  classDirections,
  directionFits,
  projectedMlp,
  rankFor,
  residualShare,
  singularValues,
} from "../../src/analysis/neuron-logit-map.js";
import { plainGrid } from "../../src/analysis/pair-grid.js";
import { findPhases } from "../../src/analysis/phases.js";
import { readOutOf } from "../../src/analysis/read-out.js";
import { analyzeCheckpoint, keyFrequencies } from "../../src/analysis/run-analysis.js";
import { shuffledGrid } from "../../src/analysis/shuffled-grid.js";
import { energyShare } from "../../src/analysis/spectra.js";
import { blockShare, spectrum2d } from "../../src/analysis/spectrum-2d.js";
import { sumIndex, sumMeans, sumNorms } from "../../src/analysis/sum-directions.js";
import { parseConfig } from "../../src/model/config.js";
import { splitPairs } from "../../src/model/dataset.js";
import { initialParameters } from "../../src/model/initialise.js";
import { parameterLayout, tensor } from "../../src/model/parameters.js";

const run = readRun(runFolder(REFERENCE_STORE, runKey(parseConfig({}))));
const { config } = run.record;
const { modulus: p, d_mlp, d_model, heads } = config;
const keys = run.record.key_frequencies!;
const grid = plainGrid(p);
const answers = additiveCharacters(p);
const index = sumIndex("add", p);
const split = splitPairs(config);

function measure(parameters: Float32Array) {
  const all = inspectAllPairs(config, parameters);
  const { logits } = all;
  const hidden = all.hidden[0];
  const sums = sumMeans(logits, index, p);
  const neurons = lineCoefficients(hidden, grid, d_mlp);
  const frequencies = neuronFrequencies(neurons);
  return {
    parameters,
    logits,
    hidden,
    attention: all.attention[0],
    sums,
    neurons,
    frequencies,
    readOut: readOutOf(config, parameters, all),
  };
}

const checkpoint = readCheckpoints(run).at(-1)!;
const trained = measure(checkpoint.parameters);
const random = measure(initialParameters({ ...config, seed: 1 }));
const testLoss = (logits: Float32Array) => meanLoss(logits, index.labels, split.test, p);

describe("the main model, trained and random", () => {
  it("has the key frequencies and progress measures that its run recorded", () => {
    expect(keyFrequencies(config, trained.parameters)).toEqual(keys);
    expect(keyFrequencies(config, random.parameters)).toBeNull();
    const { progress } = analyzeCheckpoint(config, split, trained.parameters, trained.logits, keys, checkpoint.epoch);
    const stored = readProgress(run).at(-1)!;
    expect(stored.epoch).toBe(progress.epoch);
    for (const name of ["restricted_test", "excluded_train", "excluded_max", "gini_W_E", "gini_W_L"] as const) {
      expect(progress[name]! / stored[name]!).toBeCloseTo(1, 2);
    }
  });

  it("keeps its logits in the key frequencies", () => {
    const share = (model: typeof trained) => energyShare(sumNorms(model.sums), keys);
    expect(share(trained)).toBeGreaterThan(0.95);
    expect(share(random)).toBeLessThan(0.3);
    expect(blockShare(spectrum2d(trained.logits, grid, p), p, keys)).toBeGreaterThan(0.9);
    expect(cosineFit(trained.logits, trained.sums, keys).r2).toBeGreaterThan(0.9);
    expect(cosineFit(random.logits, random.sums, keys).r2).toBeLessThan(0.05);
  });

  it("has neurons of one frequency each, which shuffled tokens do not have", () => {
    const count = (model: typeof trained) => d_mlp - neuronClusters(model.frequencies).other.length;
    expect(count(trained)).toBeGreaterThan(0.6 * d_mlp);
    expect(count(random)).toBe(0);
    expect(keysOfNeurons(trained.frequencies.best, trained.frequencies.fve, p)).toEqual(keys);
    const shuffled = neuronFrequencies(lineCoefficients(trained.hidden, shuffledGrid(grid, 1), d_mlp));
    expect(Math.max(...shuffled.fve)).toBeLessThan(0.5);
  });

  it("attends in waves of a − b, and embeds its tokens on circles", () => {
    for (const fit of attentionFits(trained.attention, grid, heads)) {
      expect(keys).toContain(fit.frequency);
      expect(fit.fve).toBeGreaterThan(0.8);
      expect(fit.constant).toBeCloseTo(0.5, 1);
    }
    for (const fit of attentionFits(random.attention, grid, heads)) expect(fit.fve).toBeLessThan(0.3);
    const circles = (model: typeof trained) =>
      circularity(tensor(parameterLayout(config), model.parameters, "W_E"), answers, d_model);
    expect(circles(trained)).toBeGreaterThan(0.9);
    expect(circles(random)).toBeGreaterThan(0.06);
    expect(circles(random)).toBeLessThan(0.1);
  });

  it("reads out two directions for each key frequency, each a wave of a + b", () => {
    const directions = classDirections(answers, keys);
    expect(rankFor(singularValues(trained.readOut.map, d_mlp, p))).toBeLessThanOrEqual(2 * keys.length + 2);
    expect(rankFor(singularValues(random.readOut.map, d_mlp, p))).toBeGreaterThan(80);
    expect(residualShare(trained.readOut.map, d_mlp, directions)).toBeLessThan(0.1);
    expect(residualShare(random.readOut.map, d_mlp, directions)).toBeGreaterThan(0.9);
    for (const { fve } of directionFits(trained.readOut, grid, answers, keys)) expect(fve).toBeGreaterThan(0.9);
    for (const { fve } of directionFits(random.readOut, grid, answers, keys)) expect(fve).toBeLessThan(0.1);
  });

  it("does as well on its key frequencies alone, and badly without any of them", () => {
    const full = testLoss(trained.logits);
    const lines = lineCoefficients(trained.logits, grid, p);
    for (const mask of ["directions", "blocks", "terms"] as const) {
      expect(testLoss(keptLogits(trained.logits, lines, grid, mask, keys))).toBeLessThan(full);
      expect(testLoss(keptNeurons(trained.logits, trained.readOut, trained.neurons, grid, mask, keys))).toBeLessThan(
        full,
      );
    }
    for (const k of keys) {
      expect(testLoss(removedLogits(trained.logits, lines, grid, "directions", [k]))).toBeGreaterThan(1000 * full);
    }
    const { best, fve } = trained.frequencies;
    const replaced = degreeTwoNeurons(
      trained.logits,
      trained.readOut,
      trained.hidden,
      trained.neurons,
      grid,
      Array.from(best, (k, j) => (fve[j] >= 0.85 ? k : 0)),
    );
    expect(testLoss(replaced) / full).toBeLessThan(3);
    const { onDirections, onNullSpace } = projectedMlp(trained.readOut, d_mlp, answers, keys);
    expect(testLoss(onDirections) / full).toBeLessThan(3);
    expect(testLoss(onNullSpace)).toBeGreaterThan(2);
  });

  it("is a clock rather than a pizza", () => {
    expect(gradientSymmetricity(config, trained.parameters)).toBeLessThan(0.6);
    expect(gradientSymmetricity(config, random.parameters)).toBeGreaterThan(0.95);
    expect(distanceIrrelevance(correctLogits(trained.logits, index.labels, p), grid)).toBeGreaterThan(0.5);
  });

  it("goes through three phases", () => {
    const progress = readProgress(run);
    const phases = findPhases(
      progress.map(({ epoch, excluded_train: value }) => ({ epoch, value })),
      progress.map(({ epoch, restricted_test: value }) => ({ epoch, value })),
      readMetrics(run).map(({ epoch, sum_squared_weights: value }) => ({ epoch, value })),
    );
    const { memorized, grokked } = run.record.milestones;
    expect(phases.memorization_ends!.high).toBeGreaterThan(memorized!);
    expect(phases.memorization_ends!.high).toBeLessThan(phases.circuit_formation_ends!.low);
    expect(phases.circuit_formation_ends!.epoch).toBeLessThan(grokked!);
    expect(phases.cleanup_ends!.low).toBeGreaterThan(grokked!);
  });
});
