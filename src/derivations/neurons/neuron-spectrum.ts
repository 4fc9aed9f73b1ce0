/** Figure 17: the share of every neuron's variance that every frequency explains. */
import type { ModelView } from "../../analysis/model-view.js";
import { type DerivationChoices, type Gap, isGap } from "../derivation.js";
import { layerChoice, operationGrid } from "../operation-grid.js";
import { type ClusterStretch, neuronOrder, neuronWaves, shuffledNeuronFve } from "./neuron-waves.js";

export interface NeuronSpectrumData {
  layer: number;
  layers: number;
  /** Neuron in each row, in the order of the neuron–logit map. */
  neurons: Uint16Array;
  stretches: ClusterStretch[];
  ranked: readonly number[];
  frequencyCount: number;
  /** Rows are neurons, columns frequencies 1, 2, …: [neurons, frequencyCount]. */
  shares: Float32Array;
  /** FVE of the best frequency of each row's neuron, and when the tokens are shuffled: [neurons]. */
  fve: Float32Array;
  shuffled: Float32Array;
}

export function deriveNeuronSpectrum(view: ModelView, choices: DerivationChoices): NeuronSpectrumData | Gap {
  const grid = operationGrid(view);
  if (isGap(grid)) return grid;
  const layer = layerChoice(view, choices);
  const { layers, d_mlp } = view.config;
  const { neurons, stretches } = neuronOrder(view, grid, layer);
  const { shares, fve } = neuronWaves(view, grid, layer).frequencies;
  const shuffled = shuffledNeuronFve(view, grid, layer);
  const frequencyCount = shares.length / d_mlp;
  const rows = new Float32Array(d_mlp * frequencyCount);
  neurons.forEach((neuron, row) => {
    for (let i = 0; i < frequencyCount; i++) rows[row * frequencyCount + i] = shares[i * d_mlp + neuron];
  });
  return {
    layer,
    layers,
    neurons,
    stretches,
    ranked: view.rankedFrequencies,
    frequencyCount,
    shares: rows,
    fve: Float32Array.from(neurons, (neuron) => fve[neuron]),
    shuffled: Float32Array.from(neurons, (neuron) => shuffled[neuron]),
  };
}
