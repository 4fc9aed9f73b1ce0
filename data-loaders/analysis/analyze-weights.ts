/** Analysis of stored weights: the logits come from the wasm engine where it has the model, else from plain code. */
import { answerCharacters, tokenCharacters } from "../../src/analysis/characters.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import { type KeyRule, keysAbove, keysOfNeurons } from "../../src/analysis/key-frequencies.js";
import { lineCoefficients } from "../../src/analysis/line-sums.js";
import { neuronFrequencies } from "../../src/analysis/neuron-frequencies.js";
import { pairGrid } from "../../src/analysis/pair-grid.js";
import { analyzeCheckpoint } from "../../src/analysis/run-analysis.js";
import { classSpectrum, embeddingSpectrum, neuronLogitMap } from "../../src/analysis/spectra.js";
import type { RunConfig } from "../../src/model/config.js";
import { splitPairs } from "../../src/model/dataset.js";
import { allPairs } from "../../src/training/evaluate.js";
import type { ProgressRow, SpectraRow } from "../../src/training/run-record.js";
import { createEngine } from "../engines.js";
import type { Checkpoint } from "../run-store/checkpoints-table.js";

/** Key frequencies of weights by each rule that applies, null for none; rule C needs a grid on which to find waves. */
export function keysByRule(
  config: RunConfig,
  parameters: Float32Array,
  threshold: number,
): Partial<Record<KeyRule, number[] | null>> {
  const { operation, modulus: p, layers, d_mlp } = config;
  const W_E = embeddingSpectrum(config, parameters, tokenCharacters(operation, p));
  const W_L = classSpectrum(neuronLogitMap(config, parameters), d_mlp, answerCharacters(operation, p));
  const keys = { A: keysAbove(W_E, p, threshold), B: keysAbove(W_L, p, threshold) };
  if (operation === "squares") return keys;
  const { hidden } = inspectAllPairs(config, parameters);
  const { best, fve } = neuronFrequencies(lineCoefficients(hidden[layers - 1], pairGrid(operation, p), d_mlp));
  return { ...keys, C: keysOfNeurons(best, fve, p) };
}

/** Key frequencies by rules A and B from the last of a run's stored spectra; rule C needs weights. */
export function keysOfSpectra(
  config: RunConfig,
  spectra: readonly SpectraRow[],
): Partial<Record<KeyRule, number[] | null>> {
  const last = spectra.at(-1)?.epoch;
  const rows = spectra.filter(({ epoch }) => epoch === last).sort((x, y) => x.frequency - y.frequency);
  const norms = (name: "W_E" | "W_L") => Float64Array.from(rows, (row) => row[name]);
  return { A: keysAbove(norms("W_E"), config.modulus), B: keysAbove(norms("W_L"), config.modulus) };
}

/**
 * Spectra and progress measures of each checkpoint.
 *
 * @param frequencies key frequencies, frozen; null for none
 * @param threads of the wasm engine
 */
export async function analyzeWeights(
  config: RunConfig,
  checkpoints: readonly Checkpoint[],
  frequencies: readonly number[] | null,
  threads: number,
): Promise<{ spectra: SpectraRow[]; progress: ProgressRow[] }> {
  const spectra: SpectraRow[] = [];
  const progress: ProgressRow[] = [];
  const split = splitPairs(config);
  const first = checkpoints[0];
  if (!first) return { spectra, progress };
  const pairs = allPairs(config.modulus);
  const state = ({ epoch, parameters }: Checkpoint) => {
    const moment = new Float32Array(parameters.length);
    return { epoch, parameters, moment1: moment, moment2: moment };
  };
  const engine =
    config.layers === 1 ? await createEngine("wasm", { config, split, state: state(first) }, { threads }) : null;
  try {
    for (const checkpoint of checkpoints) {
      const { epoch, parameters } = checkpoint;
      await engine?.load(state(checkpoint));
      const logits = engine ? await engine.logits(pairs) : inspectAllPairs(config, parameters).logits;
      const result = analyzeCheckpoint(config, split, parameters, logits, frequencies, epoch);
      spectra.push(...result.spectra);
      progress.push(result.progress);
    }
  } finally {
    await engine?.dispose();
  }
  return { spectra, progress };
}
