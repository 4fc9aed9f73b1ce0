/**
 * How sparse a model is in each basis its operation could be learnt in: the Gini coefficient of folded spectra, in the
 * right basis and in the additive one. A model that has learnt the operation is sparse in the right one alone.
 */
import { additiveCharacters, answerCharacters, tokenCharacters } from "./characters.js";
import { gini } from "./gini.js";
import { classSpectrum, embeddingSpectrum, type ModelKind, neuronLogitMap } from "./spectra.js";

export interface Sparsity {
  /** Gini of W_E over the tokens. */
  W_E: number;
  /** Gini of W_L over the classes. */
  W_L: number;
}

/**
 * @returns Gini coefficients in both bases; the same twice for a ± b, whose right basis is the additive one
 * @throws AnalysisError for a product whose modulus is not an odd prime
 */
export function basisSparsity(model: ModelKind, parameters: Float32Array): { right: Sparsity; additive: Sparsity } {
  const { operation, modulus: p, d_mlp } = model;
  const W_L = neuronLogitMap(model, parameters);
  const plain = additiveCharacters(p);
  const measure = (tokens: typeof plain, answers: typeof plain): Sparsity => ({
    W_E: gini(embeddingSpectrum(model, parameters, tokens)),
    W_L: gini(classSpectrum(W_L, d_mlp, answers)),
  });
  return {
    right: measure(tokenCharacters(operation, p), answerCharacters(operation, p)),
    additive: measure(plain, plain),
  };
}
