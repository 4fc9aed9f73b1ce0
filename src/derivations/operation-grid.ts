/** Where a model's waves are looked for: the grid in which its operation adds, and the layer that was chosen. */
import { AnalysisError } from "../analysis/analysis-error.js";
import { type ModelView, once } from "../analysis/model-view.js";
import { type PairGrid, pairGrid } from "../analysis/pair-grid.js";
import { type DerivationChoices, type Gap, integerChoice } from "./derivation.js";

/** The right grid of the model's operation, or why there is none. */
export function operationGrid(view: ModelView): PairGrid | Gap {
  return once(view, "operation grid", () => {
    try {
      return pairGrid(view.config.operation, view.config.modulus);
    } catch (error) {
      if (error instanceof AnalysisError) return { gap: error.message };
      throw error;
    }
  });
}

/** The choice `layer`, counted from 1; the last layer where none, or 0, was chosen. */
export function layerChoice(view: ModelView, choices: DerivationChoices): number {
  const { layers } = view.config;
  return integerChoice(choices, "layer", [0, layers], 0) || layers;
}
