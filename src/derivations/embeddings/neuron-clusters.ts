/** Figure 12: how much of each neuron one frequency explains, beside the same neurons with the tokens shuffled. */
import type { ModelView } from "../../analysis/model-view.js";
import { type DerivationChoices, type Gap, isGap } from "../derivation.js";
import { neuronWaves, shuffledNeuronFve } from "../neurons/neuron-waves.js";
import { layerChoice, operationGrid } from "../operation-grid.js";

export interface NeuronClustersData {
  layer: number;
  layers: number;
  /** Number of folded frequencies. */
  frequencyCount: number;
  ranked: readonly number[];
  /** Best frequency of each neuron; 0 where it never varies. */
  best: Uint16Array;
  /** The share of the neuron's variance that it explains. */
  fve: Float32Array;
  /** The same where the tokens are shuffled. */
  shuffled: Float32Array;
}

export function deriveNeuronClusters(view: ModelView, choices: DerivationChoices): NeuronClustersData | Gap {
  const grid = operationGrid(view);
  if (isGap(grid)) return grid;
  const layer = layerChoice(view, choices);
  const { best, fve } = neuronWaves(view, grid, layer).frequencies;
  return {
    layer,
    layers: view.config.layers,
    frequencyCount: Math.floor(grid.size / 2),
    ranked: view.rankedFrequencies,
    best,
    fve: Float32Array.from(fve),
    shuffled: shuffledNeuronFve(view, grid, layer),
  };
}
