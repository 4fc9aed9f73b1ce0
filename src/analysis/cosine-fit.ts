/**
 * Least squares of the logits on cos w_k(a + b − c), k ∈ K (Nanda et al. 2023, section 4.4).
 *
 * The cosines of different frequencies are orthogonal over (a, b, c), so each α_k is a projection. The fit depends on
 * the distance of class and answer alone, so every pair has the same loss.
 */
import { rowLoss } from "../model/losses.js";
import type { SumMeans } from "./sum-directions.js";

export interface CosineFit {
  /** α_k in the order of the frequencies. */
  amplitudes: number[];
  /** Share of the variance of the logits over all (a, b, c) of the group that the fit explains. */
  r2: number;
  /** Cross-entropy of the fit, nats, over the classes of the group. */
  loss: number;
}

/**
 * @param logits [p², p], row a·p + b
 * @param sums means of the same logits
 */
export function cosineFit(logits: Float32Array, sums: SumMeans, frequencies: readonly number[]): CosineFit {
  const { index, width: p, means } = sums;
  const { size: n, residues } = index.answers;
  // Mean logit at each distance t = position of answer − position of class.
  const byDistance = new Float64Array(n);
  for (let s = 0; s < n; s++) {
    for (let c = 0; c < n; c++) byDistance[(s - c + n) % n] += means[s * p + residues[c]] / n;
  }
  const wave = (k: number, t: number) => Math.cos((2 * Math.PI * ((k * t) % n)) / n);
  const amplitudes = frequencies.map((k) => {
    const norm = 2 * k === n ? n : n / 2;
    return byDistance.reduce((sum, value, t) => sum + value * wave(k, t), 0) / norm;
  });
  const row = Float64Array.from({ length: n }, (_, t) =>
    frequencies.reduce((sum, k, i) => sum + amplitudes[i] * wave(k, t), 0),
  );
  const explained = row.reduce((sum, value) => sum + value * value, 0) / n;
  return { amplitudes, r2: explained / groupVariance(logits, sums), loss: rowLoss(row, 0, n, 0) };
}

/** Variance of the logits over the pairs and classes of the group. */
function groupVariance(logits: Float32Array, { index, width: p }: SumMeans): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let code = 0; code < index.positions.length; code++) {
    if (index.positions[code] < 0) continue;
    for (const c of index.answers.residues) {
      const value = logits[code * p + c];
      sum += value;
      squares += value * value;
    }
    count += index.answers.size;
  }
  return squares / count - (sum / count) ** 2;
}
