/** What is measured of a run: its key frequencies, and spectra and progress measures of each checkpoint. */
import type { RunConfig } from "../model/config.js";
import type { Split } from "../model/dataset.js";
import { mean } from "../model/losses.js";
import type { ProgressRow, SpectraRow } from "../training/run-record.js";
import { additiveCharacters, answerCharacters, hasCharacters, tokenCharacters } from "./characters.js";
import { gini } from "./gini.js";
import { keysAbove } from "./key-frequencies.js";
import { excludedByFrequency, excludedLosses, meanOver, restrictedLosses } from "./restricted-excluded.js";
import { classSpectrum, embeddingSpectrum, neuronLogitMap } from "./spectra.js";
import { sumIndex, sumMeans, sumNorms } from "./sum-directions.js";

export interface CheckpointAnalysis {
  /** One row per folded frequency; empty where the operation has no characters (a product, composite modulus). */
  spectra: SpectraRow[];
  progress: ProgressRow;
}

/**
 * Key frequencies of a model by rule B, a quarter of the largest norm; null where it has none, or where the operation
 * has no characters for its modulus. Frequencies count characters of the operation's own group (`characters.ts`).
 *
 * @param parameters flat weights of the final model
 */
export function keyFrequencies(config: RunConfig, parameters: Float32Array): number[] | null {
  const { operation, modulus, d_mlp } = config;
  if (!hasCharacters(operation, modulus)) return null;
  const answers = answerCharacters(operation, modulus);
  return keysAbove(classSpectrum(neuronLogitMap(config, parameters), d_mlp, answers), modulus);
}

/**
 * Spectra and progress measures of one checkpoint.
 *
 * @param logits [p², p], row a·p + b
 * @param keyFrequencies those of the final model, frozen; null where it has none
 * @param epoch written into the rows
 */
export function analyzeCheckpoint(
  config: RunConfig,
  split: Split,
  parameters: Float32Array,
  logits: Float32Array,
  keyFrequencies: readonly number[] | null,
  epoch: number,
): CheckpointAnalysis {
  const { operation, modulus: p, d_mlp } = config;
  const applies = hasCharacters(operation, p);
  const tokens = applies ? tokenCharacters(operation, p) : additiveCharacters(p);
  const answers = applies ? answerCharacters(operation, p) : additiveCharacters(p);
  const W_E = embeddingSpectrum(config, parameters, tokens);
  const W_L = classSpectrum(neuronLogitMap(config, parameters), d_mlp, answers);
  const weights = { epoch, gini_W_E: gini(W_E), gini_W_L: gini(W_L) };
  if (!applies) return { spectra: [], progress: { ...NO_DIRECTIONS, ...weights } };
  const sums = sumMeans(logits, sumIndex(operation, p), p);
  const along = sumNorms(sums);
  const spectra = Array.from(along, (norm, i) => ({ epoch, frequency: i + 1, W_E: W_E[i], W_L: W_L[i], logits: norm }));
  const each = excludedByFrequency(logits, sums, split.train);
  const restricted = keyFrequencies && restrictedLosses(sums, keyFrequencies);
  return {
    spectra,
    progress: {
      ...weights,
      restricted_train: restricted && meanOver(restricted, split.train),
      restricted_test: restricted && meanOver(restricted, split.test),
      restricted_all: restricted && mean(restricted),
      excluded_train: keyFrequencies && excludedLosses(logits, sums, split.train, [keyFrequencies])[0],
      excluded_max: each.reduce((max, loss) => Math.max(max, loss), Number.NEGATIVE_INFINITY),
      excluded_by_frequency: keyFrequencies?.map((k) => each[k - 1]) ?? null,
    },
  };
}

/** Where the operation has no sum directions; the Gini coefficients are then taken in the additive basis. */
const NO_DIRECTIONS = {
  restricted_train: null,
  restricted_test: null,
  restricted_all: null,
  excluded_train: null,
  excluded_max: null,
  excluded_by_frequency: null,
};
