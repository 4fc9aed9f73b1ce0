/** By how much each figure's headline number must tell the canonical run from its null twins. */
import type { ModelTwin } from "../../src/analysis/model-view.js";

export interface Separation {
  /** The run's number is larger than the twin's by more than this; or smaller. */
  above?: number;
  below?: number;
  /** The twin does not have the number at all. */
  twinHasNone?: boolean;
  /** The twin that it must be told from, where the other shares the property. */
  only?: ModelTwin;
}

/** In the units of the headline: epochs, counts, shares from 0 to 1. */
export const SEPARATES: Record<string, Separation> = {
  "grokking-curves": { twinHasNone: true },
  "progress-measures": { twinHasNone: true },
  "phase-boundaries": { above: 2 },
  "frequency-spectrum": { above: 0.5 },
  "fourier-grid": { above: 0.5 },
  "fourier-evolution": { above: 2000 },
  "embedding-spectrum": { above: 0.4 },
  "spectrum-strip": { above: 0.5 },
  "attention-patterns": { above: 0.5 },
  // A memorizing model attends to one operand as well, though not along a wave.
  "attention-by-input": { above: 0.3, only: "random weights" },
  "embedding-circles": { above: 0.5 },
  "neuron-clusters": { above: 200 },
  "weight-heatmaps": { above: 0.6 },
  "weight-evolution": { below: 500 },
  "activation-grids": { above: 0.5 },
  "neuron-logit-map": { below: 40 },
  "neuron-spectrum": { above: 200 },
  "full-and-restricted": { above: 0.5 },
  "correct-logit-surface": { above: 0.4 },
  "per-sample-loss": { below: 4 },
  "embedding-trajectory": { above: 0.15 },
  "parameter-path": { twinHasNone: true },
  "synchronized-animation": { above: 0.5 },
};
