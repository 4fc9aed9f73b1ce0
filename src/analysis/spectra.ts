/** Folded Fourier spectra of a model's weights and logits: how much of each lies in each frequency. */
import type { ModelShape, Operation } from "../model/config.js";
import { parameterLayout, tensor } from "../model/parameters.js";
import { type Characters, gatherRows } from "./characters.js";
import { foldedNorms, transformRows } from "./fourier.js";
import { product, transpose } from "./matrix.js";

/** A model's shape and what it computes. */
export type ModelKind = ModelShape & { operation: Operation };

/** The neuron–logit map W_L = W_out W_U of the last block: [d_mlp, p]. */
export function neuronLogitMap(shape: ModelShape, parameters: Float32Array): Float64Array {
  const layout = parameterLayout(shape);
  const W_out = tensor(layout, parameters, `blocks.${shape.layers - 1}.W_out`);
  return product(W_out, tensor(layout, parameters, "W_U"), shape.d_mlp, shape.d_model, shape.modulus);
}

/** Folded norms of the Fourier components over the tokens 0 … p−1 of W_E; entry k − 1 belongs to frequency k. */
export function embeddingSpectrum(shape: ModelShape, parameters: Float32Array, tokens: Characters): Float64Array {
  const W_E = tensor(parameterLayout(shape), parameters, "W_E");
  const rows = gatherRows(W_E, tokens, shape.d_model);
  return foldedNorms(transformRows(rows, tokens.size, shape.d_model), tokens.size, shape.d_model);
}

/** Folded norms of the Fourier components over the classes of W_L [d_mlp, p]; entry k − 1 belongs to frequency k. */
export function classSpectrum(W_L: Float64Array, d_mlp: number, answers: Characters): Float64Array {
  const p = W_L.length / d_mlp;
  const rows = gatherRows(transpose(W_L, d_mlp, p), answers, d_mlp);
  return foldedNorms(transformRows(rows, answers.size, d_mlp), answers.size, d_mlp);
}

/** Share of a spectrum's energy Σ norm² that lies in some frequencies; entry k − 1 of the norms belongs to k. */
export function energyShare(norms: Float64Array, frequencies: readonly number[]): number {
  const total = norms.reduce((sum, norm) => sum + norm * norm, 0);
  return total > 0 ? frequencies.reduce((sum, k) => sum + norms[k - 1] ** 2, 0) / total : 0;
}
