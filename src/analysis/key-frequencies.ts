/**
 * Which frequencies a model uses, by the three rules in circulation.
 *
 * A: folded Fourier norm of W_E over the tokens. B: folded norm of the neuron–logit map W_L over the classes. C: the
 * frequencies of the neurons, each neuron's being the one that explains most of its activation's variance, where that
 * is at least 85 %. For A and B a frequency is key when it exceeds a share of the largest; no paper publishes the
 * share, a quarter is ours. More than (p−1)/4 of them means that the model has none.
 */
export const KEY_RULES = ["A", "B", "C"] as const;
export type KeyRule = (typeof KEY_RULES)[number];

/** Rules A and B: a frequency is key above this share of the largest norm. */
export const DEFAULT_THRESHOLD = 0.25;
/** Rule C: a neuron belongs to a frequency that explains at least this share of its variance. */
export const NEURON_FVE = 0.85;

/**
 * Rules A and B.
 *
 * @param norms folded norms; entry k − 1 belongs to frequency k
 * @param modulus p
 * @param threshold share of the largest norm, 0 ≤ threshold < 1
 * @returns frequencies in ascending order; null for none
 */
export function keysAbove(norms: Float64Array, modulus: number, threshold = DEFAULT_THRESHOLD): number[] | null {
  const largest = norms.reduce((max, norm) => Math.max(max, norm), 0);
  const keys: number[] = [];
  for (let i = 0; i < norms.length; i++) if (norms[i] > threshold * largest) keys.push(i + 1);
  return acceptable(keys, modulus);
}

/**
 * Rule C.
 *
 * @param frequencies best frequency of each neuron
 * @param shares the share of the neuron's variance that it explains
 * @returns frequencies in ascending order; null for none
 */
export function keysOfNeurons(
  frequencies: ArrayLike<number>,
  shares: ArrayLike<number>,
  modulus: number,
  fve = NEURON_FVE,
): number[] | null {
  const keys = new Set<number>();
  for (let i = 0; i < shares.length; i++) if (shares[i] >= fve) keys.add(frequencies[i]);
  return acceptable(
    [...keys].sort((x, y) => x - y),
    modulus,
  );
}

function acceptable(keys: number[], modulus: number): number[] | null {
  return keys.length === 0 || keys.length > (modulus - 1) / 4 ? null : keys;
}

/** The `count` frequencies with the largest norms, in ascending order: what a null twin uses in place of key ones. */
export function topFrequencies(norms: Float64Array, count: number): number[] {
  const order = Array.from(norms, (_, i) => i + 1).sort((j, k) => norms[k - 1] - norms[j - 1] || j - k);
  return order.slice(0, count).sort((j, k) => j - k);
}
