/**
 * How much of each neuron's activation one frequency explains (Nanda et al. 2023, section 4.3).
 *
 * FVE at k: Σ of the squared coefficients on the 8 entries {1, cos_k, sin_k}² without the constant, over the neuron's
 * whole variance; activations after the ReLU at "=", over all pairs of the grid.
 */
import { frequencyCount, rowsOf } from "./fourier.js";
import { NEURON_FVE } from "./key-frequencies.js";
import type { LineCoefficients } from "./line-sums.js";

export interface NeuronFrequencies {
  /** Share of each neuron's variance that each frequency explains: [frequency − 1, neuron], flat. */
  shares: Float64Array;
  /** Best frequency of each neuron; 0 where the neuron never varies. */
  best: Uint16Array;
  /** The share that the best frequency explains. */
  fve: Float64Array;
}

/** @param lines coefficients of the activations [p², d_mlp] over the operation's grid */
export function neuronFrequencies(lines: LineCoefficients): NeuronFrequencies {
  const { size: n, width, variance } = lines;
  const count = frequencyCount(n);
  const shares = new Float64Array(count * width);
  for (let k = 1; k <= count; k++) {
    // For k = n/2 the waves of x + y and of x − y are one and the same.
    const kinds = [lines.rows, lines.columns, lines.sums, ...(2 * k === n ? [] : [lines.differences])];
    for (const values of kinds) {
      for (const row of rowsOf(k, n)) {
        for (let j = 0; j < width; j++) shares[(k - 1) * width + j] += values[row * width + j] ** 2;
      }
    }
    for (let j = 0; j < width; j++) shares[(k - 1) * width + j] /= variance[j] || Number.POSITIVE_INFINITY;
  }
  const best = new Uint16Array(width);
  const fve = new Float64Array(width);
  for (let k = 1; k <= count; k++) {
    for (let j = 0; j < width; j++) {
      if (shares[(k - 1) * width + j] <= fve[j]) continue;
      fve[j] = shares[(k - 1) * width + j];
      best[j] = k;
    }
  }
  return { shares, best, fve };
}

export interface NeuronCluster {
  frequency: number;
  /** Neurons whose best frequency it is and explains at least the threshold, ascending. */
  neurons: number[];
}

/** Neurons by the frequency that explains them, and those that none explains. */
export function neuronClusters(
  { best, fve }: NeuronFrequencies,
  threshold = NEURON_FVE,
): { clusters: NeuronCluster[]; other: number[] } {
  const byFrequency = new Map<number, number[]>();
  const other: number[] = [];
  for (let j = 0; j < best.length; j++) {
    if (fve[j] < threshold) other.push(j);
    else byFrequency.set(best[j], [...(byFrequency.get(best[j]) ?? []), j]);
  }
  const clusters = [...byFrequency].map(([frequency, neurons]) => ({ frequency, neurons }));
  return { clusters: clusters.sort((x, y) => x.frequency - y.frequency), other };
}
