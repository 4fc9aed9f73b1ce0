/** Figure 4 from a checkpoint: the spectrum of its logits, and what each rule for key frequencies looks at. */
import { answerCharacters, hasCharacters, tokenCharacters } from "../../analysis/characters.js";
import { lineCoefficients } from "../../analysis/line-sums.js";
import type { ModelView } from "../../analysis/model-view.js";
import { neuronFrequencies } from "../../analysis/neuron-frequencies.js";
import { hasPairGrid, pairGrid } from "../../analysis/pair-grid.js";
import { classSpectrum, embeddingSpectrum, neuronLogitMap } from "../../analysis/spectra.js";
import { sumIndex, sumMeans, sumNorms } from "../../analysis/sum-directions.js";
import type { Gap } from "../derivation.js";
import { type Frequencies, frequenciesOf } from "./frequencies.js";

/** Entry k − 1 of each spectrum belongs to frequency k. */
export interface FrequencySpectrum extends Frequencies {
  modulus: number;
  /** Norms of the logits' components along the sum directions. */
  logits: Float64Array;
  /** Σ of the squares of the logits less their mean over all pairs: the whole energy, of any kind. */
  energy: number;
  /** Folded norms of W_L over the classes: rule B. */
  W_L: Float64Array;
  /** Folded norms of W_E over the tokens: rule A. */
  W_E: Float64Array;
  /** Best frequency of each neuron, and the share of its variance that it explains: rule C. */
  neurons: { best: Uint16Array; fve: Float64Array };
}

export function deriveFrequencySpectrum(view: ModelView): FrequencySpectrum | Gap {
  const { config, parameters, logits, hidden } = view;
  const { operation, modulus, d_mlp } = config;
  if (!hasCharacters(operation, modulus) || !hasPairGrid(operation, modulus)) {
    return { gap: `no Fourier basis fits ${operation} with modulus ${modulus}` };
  }
  const sums = sumMeans(logits, sumIndex(operation, modulus), modulus);
  const answers = answerCharacters(operation, modulus);
  const activations = hidden[hidden.length - 1];
  const { best, fve } = neuronFrequencies(lineCoefficients(activations, pairGrid(operation, modulus), d_mlp));
  return {
    ...frequenciesOf(view),
    modulus,
    logits: sumNorms(sums),
    energy: centredEnergy(logits, modulus),
    W_L: classSpectrum(neuronLogitMap(config, parameters), d_mlp, answers),
    W_E: embeddingSpectrum(config, parameters, tokenCharacters(operation, modulus)),
    neurons: { best, fve },
  };
}

/** Σ (L − mean over the pairs of L)², class by class. */
function centredEnergy(logits: Float32Array, p: number): number {
  const pairs = logits.length / p;
  const sums = new Float64Array(p);
  let squares = 0;
  for (let at = 0; at < logits.length; at++) {
    sums[at % p] += logits[at];
    squares += logits[at] * logits[at];
  }
  return squares - sums.reduce((all, sum) => all + (sum * sum) / pairs, 0);
}
