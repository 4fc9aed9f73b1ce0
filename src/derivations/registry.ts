/** The derivation of every figure that is drawn from a checkpoint, by the figure's id. One line each, in their order. */
import { deriveAttentionByInput } from "./attention/attention-by-input.js";
import { deriveAttentionPatterns } from "./attention/attention-patterns.js";
import type { Derivation, SeriesDerivation } from "./derivation.js";
import { deriveEmbeddingCircles } from "./embeddings/embedding-circles.js";
import { deriveNeuronClusters } from "./embeddings/neuron-clusters.js";
import { deriveEmbeddingSpectrum } from "./fourier/embedding-spectrum.js";
import { deriveFourierGrid } from "./fourier/fourier-grid.js";
import { deriveFrequencySpectrum } from "./fourier/frequency-spectrum.js";
import { deriveCorrectLogitSurface } from "./logits/correct-logit-surface.js";
import { deriveFullAndRestricted } from "./logits/full-and-restricted.js";
import { derivePerSampleLoss } from "./logits/per-sample-loss.js";
import { deriveActivationGrids } from "./neurons/activation-grids.js";
import { deriveNeuronLogitMap } from "./neurons/neuron-logit-map.js";
import { deriveNeuronSpectrum } from "./neurons/neuron-spectrum.js";
import { weightEvolutionSeries } from "./weights/weight-evolution.js";
import { deriveWeightHeatmaps } from "./weights/weight-heatmaps.js";

export const derivations: Readonly<Record<string, Derivation>> = {
  "frequency-spectrum": deriveFrequencySpectrum,
  "fourier-grid": deriveFourierGrid,
  "embedding-spectrum": deriveEmbeddingSpectrum,
  "attention-patterns": deriveAttentionPatterns,
  "attention-by-input": deriveAttentionByInput,
  "embedding-circles": deriveEmbeddingCircles,
  "neuron-clusters": deriveNeuronClusters,
  "weight-heatmaps": deriveWeightHeatmaps,
  "activation-grids": deriveActivationGrids,
  "neuron-logit-map": deriveNeuronLogitMap,
  "neuron-spectrum": deriveNeuronSpectrum,
  "full-and-restricted": deriveFullAndRestricted,
  "correct-logit-surface": deriveCorrectLogitSurface,
  "per-sample-loss": derivePerSampleLoss,
};

/** The same for figures of several checkpoints of a run. */
export const seriesDerivations: Readonly<Record<string, SeriesDerivation>> = {
  "weight-evolution": weightEvolutionSeries,
};

/** Figures of one checkpoint that hold it against the run's final model, whose data come along as `final`. */
export const heldAgainstFinal: ReadonlySet<string> = new Set(["frequency-spectrum"]);
