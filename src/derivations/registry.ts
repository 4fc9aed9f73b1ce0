/** The derivation of every figure that is drawn from a checkpoint, by the figure's id. One line each, in their order. */
import { deriveAttentionByInput } from "./attention/attention-by-input.js";
import { deriveAttentionPatterns } from "./attention/attention-patterns.js";
import type { Derivation, SeriesDerivation } from "./derivation.js";
import { deriveEmbeddingCircles } from "./embeddings/embedding-circles.js";
import { deriveNeuronClusters } from "./embeddings/neuron-clusters.js";
import { deriveActivationGrids } from "./neurons/activation-grids.js";
import { deriveNeuronLogitMap } from "./neurons/neuron-logit-map.js";
import { deriveNeuronSpectrum } from "./neurons/neuron-spectrum.js";

export const derivations: Readonly<Record<string, Derivation>> = {
  "attention-patterns": deriveAttentionPatterns,
  "attention-by-input": deriveAttentionByInput,
  "embedding-circles": deriveEmbeddingCircles,
  "neuron-clusters": deriveNeuronClusters,
  "activation-grids": deriveActivationGrids,
  "neuron-logit-map": deriveNeuronLogitMap,
  "neuron-spectrum": deriveNeuronSpectrum,
};

/** The same for figures of several checkpoints of a run. */
export const seriesDerivations: Readonly<Record<string, SeriesDerivation>> = {};
