/**
 * Restricted and excluded loss: how well the logits do with nothing but the key frequencies, and without them
 * (Nanda et al. 2023, section 5.1).
 *
 * Restricted: cross-entropy of Σ_{k∈K}(c_k c_kᵀ + s_k s_kᵀ)L + mean_{a,b} L. Excluded: of L − Σ_{k∈K}(…)L, the constant
 * kept. Pairs whose answer stands apart (zero, in a multiplicative group) are not touched by the exclusion, and get
 * their own mean in the restriction. All losses by the exact cross-entropy, in nats.
 */
import { rowLoss } from "../model/losses.js";
import { frequencyCount } from "./fourier.js";
import { type SumMeans, sumComponents, sumConstant } from "./sum-directions.js";

/**
 * Loss of the restricted logits for each pair: [p²], indexed by code. Restricted logits depend on the answer alone, so
 * there are as many different values as answers.
 *
 * @param sums means of the logits, width p
 */
export function restrictedLosses(sums: SumMeans, keyFrequencies: readonly number[]): Float64Array {
  const { index, width: p } = sums;
  const rows = sumComponents(sums, keyFrequencies);
  const constant = sumConstant(sums);
  const byPosition = Float64Array.from(index.answers.residues, (answer, t) => {
    const row = rows.subarray(t * p, (t + 1) * p);
    for (let j = 0; j < p; j++) row[j] += constant[j];
    return rowLoss(row, 0, p, answer);
  });
  return Float64Array.from(index.positions, (position, code) =>
    position < 0 ? rowLoss(sums.apart, 0, p, index.labels[code]) : byPosition[position],
  );
}

/** Mean of per-pair values [p²] over some pairs, given as codes. */
export function meanOver(values: Float64Array, pairs: Uint32Array): number {
  let sum = 0;
  for (const code of pairs) sum += values[code];
  return sum / pairs.length;
}

/**
 * Excluded losses, one for each set of frequencies left out.
 *
 * Leaving out D[s] from a row L with answer s gives Σ_j exp(L_j − D_j) = Σ_j exp(L_j)·exp(−D_j): the exponentials are
 * taken once per pair and once per (set, answer), which makes all frequencies together as cheap as a matrix product.
 * Where a factor would leave float64's range, that pair falls back on the plain formula.
 *
 * @param logits [p², p], indexed by code a·p + b
 * @param sums means of the same logits
 * @param pairs codes of the pairs whose loss is averaged: the training pairs, by the paper's definition
 * @param sets frequencies to leave out, one set per loss
 */
export function excludedLosses(
  logits: Float32Array | Float64Array,
  sums: SumMeans,
  pairs: Uint32Array,
  sets: readonly (readonly number[])[],
): Float64Array {
  const { index, width: p } = sums;
  const exponentials = rowExponentials(logits, pairs, p);
  return Float64Array.from(sets, (frequencies) => {
    const removed = sumComponents(sums, frequencies);
    const factors = removed.map((value) => Math.exp(-value));
    let total = 0;
    for (let i = 0; i < pairs.length; i++) {
      const code = pairs[i];
      const position = index.positions[code];
      const answer = index.labels[code];
      if (position < 0) {
        total += rowLoss(logits, code * p, p, answer);
        continue;
      }
      const row = i * p;
      const factor = position * p;
      let all = 0;
      for (let j = 0; j < answer; j++) all += exponentials[row + j] * factors[factor + j];
      for (let j = answer + 1; j < p; j++) all += exponentials[row + j] * factors[factor + j];
      const right = exponentials[row + answer] * factors[factor + answer];
      total +=
        right > 1e-280 && all < 1e280 && all > 1e-280
          ? Math.log1p(all / right)
          : plain(logits, code, removed, position, answer, p);
    }
    return total / pairs.length;
  });
}

/** Excluded loss of every frequency alone: entry k − 1 leaves out k. */
export function excludedByFrequency(
  logits: Float32Array | Float64Array,
  sums: SumMeans,
  pairs: Uint32Array,
): Float64Array {
  const count = frequencyCount(sums.index.answers.size);
  return excludedLosses(
    logits,
    sums,
    pairs,
    Array.from({ length: count }, (_, i) => [i + 1]),
  );
}

/** exp(L_j − max_j L_j) for each of the pairs: [n, p]. */
function rowExponentials(logits: Float32Array | Float64Array, pairs: Uint32Array, p: number): Float64Array {
  const out = new Float64Array(pairs.length * p);
  for (let i = 0; i < pairs.length; i++) {
    const source = pairs[i] * p;
    let max = logits[source];
    for (let j = 1; j < p; j++) if (logits[source + j] > max) max = logits[source + j];
    for (let j = 0; j < p; j++) out[i * p + j] = Math.exp(logits[source + j] - max);
  }
  return out;
}

function plain(
  logits: Float32Array | Float64Array,
  code: number,
  removed: Float64Array,
  position: number,
  answer: number,
  p: number,
): number {
  const row = Float64Array.from({ length: p }, (_, j) => logits[code * p + j] - removed[position * p + j]);
  return rowLoss(row, 0, p, answer);
}
