/** What the figures of neurons have in common: the waves in their activations, their null, and one order of rows. */
import { answerCharacters, gatherRows } from "../../analysis/characters.js";
import { rowsOf, transformRows } from "../../analysis/fourier.js";
import { type LineCoefficients, lineCoefficients } from "../../analysis/line-sums.js";
import { transpose } from "../../analysis/matrix.js";
import { type ModelView, once } from "../../analysis/model-view.js";
import { type NeuronFrequencies, neuronClusters, neuronFrequencies } from "../../analysis/neuron-frequencies.js";
import type { PairGrid } from "../../analysis/pair-grid.js";
import { shuffledGrid } from "../../analysis/shuffled-grid.js";
import { neuronLogitMap } from "../../analysis/spectra.js";

/** Seed of the shuffle of the permutation null. */
const NULL_SEED = 1;

export interface NeuronWaves {
  lines: LineCoefficients;
  frequencies: NeuronFrequencies;
}

/** Waves in the activations of a layer, counted from 1. */
export function neuronWaves(view: ModelView, grid: PairGrid, layer: number): NeuronWaves {
  return once(view, `neuron waves ${layer}`, () => {
    const lines = lineCoefficients(view.hidden[layer - 1], grid, view.config.d_mlp);
    return { lines, frequencies: neuronFrequencies(lines) };
  });
}

/** The permutation null: FVE of each neuron's best frequency when the tokens are shuffled, [d_mlp]. */
export function shuffledNeuronFve(view: ModelView, grid: PairGrid, layer: number): Float32Array {
  return once(view, `shuffled neurons ${layer}`, () => {
    const lines = lineCoefficients(view.hidden[layer - 1], shuffledGrid(grid, NULL_SEED), view.config.d_mlp);
    return Float32Array.from(neuronFrequencies(lines).fve);
  });
}

/** Coefficients of W_L over the classes, basis rows × neurons: [size, d_mlp]. */
export function classCoefficients(view: ModelView): Float64Array {
  return once(view, "class coefficients", () => {
    const { operation, modulus, d_mlp } = view.config;
    const answers = answerCharacters(operation, modulus);
    const byClass = gatherRows(transpose(neuronLogitMap(view.config, view.parameters), d_mlp, modulus), answers, d_mlp);
    return transformRows(byClass, answers.size, d_mlp);
  });
}

/** Neurons that one frequency explains, as a stretch of the common order. */
export interface ClusterStretch {
  /** 0 for the neurons that no frequency explains. */
  frequency: number;
  from: number;
  /** Exclusive. */
  to: number;
}

export interface NeuronOrder {
  /** Neuron in each row. */
  neurons: Uint16Array;
  stretches: ClusterStretch[];
}

/**
 * One order of neurons for all figures: clusters by frequency, within them by the phase of the wave that the neuron
 * adds to the logits, so that neighbours are alike; then the neurons that no frequency explains, by their best one.
 */
export function neuronOrder(view: ModelView, grid: PairGrid, layer: number): NeuronOrder {
  return once(view, `neuron order ${layer}`, () => {
    const { frequencies } = neuronWaves(view, grid, layer);
    const { clusters, other } = neuronClusters(frequencies);
    const { size } = answerCharacters(view.config.operation, view.config.modulus);
    const phase = phaseOf(classCoefficients(view), view.config.d_mlp, size);
    const neurons: number[] = [];
    const stretches: ClusterStretch[] = [];
    const add = (frequency: number, members: readonly number[]) => {
      if (members.length === 0) return;
      stretches.push({ frequency, from: neurons.length, to: neurons.length + members.length });
      neurons.push(...members);
    };
    for (const { frequency, neurons: members } of clusters) {
      add(
        frequency,
        [...members].sort((i, j) => phase(frequency, i) - phase(frequency, j)),
      );
    }
    const { best } = frequencies;
    add(
      0,
      [...other].sort((i, j) => best[i] - best[j] || i - j),
    );
    return { neurons: Uint16Array.from(neurons), stretches };
  });
}

/** Phase of a neuron's row of W_L at a frequency, radians. */
function phaseOf(coefficients: Float64Array, d_mlp: number, size: number) {
  return (frequency: number, neuron: number) => {
    const [cosine, sine] = rowsOf(frequency, size);
    return sine === undefined
      ? coefficients[cosine * d_mlp + neuron]
      : Math.atan2(coefficients[sine * d_mlp + neuron], coefficients[cosine * d_mlp + neuron]);
  };
}
