/**
 * The directions over the p² pairs in which a model that has learnt the operation keeps its logits.
 *
 * For a + b they are c_k = (cos_k⊗cos_k − sin_k⊗sin_k)/√2 and s_k = (sin_k⊗cos_k + cos_k⊗sin_k)/√2 (Nanda et al. 2023,
 * section 4.2): unit vectors proportional to cos, sin(2πk(a + b)/p). They depend on the answer alone, so the logits are
 * first averaged over the pairs of equal answer, p² rows to one per answer, and everything after that is small. The
 * same holds for any operation whose answers form a cyclic group; pairs that answer zero stand apart where the group is
 * multiplicative. Answers count alike: for a² + b² zero has twice as many pairs as the others, or one alone, and the
 * directions are then waves over the answers rather than orthogonal ones over the pairs.
 */
import type { Operation } from "../model/config.js";
import { labels } from "../model/dataset.js";
import { answerCharacters, type Characters } from "./characters.js";
import { foldedNorms, fourierBasis, rowsOf, transformRows } from "./fourier.js";

export interface SumIndex {
  modulus: number;
  answers: Characters;
  /** Right answer of each pair: [p²]. */
  labels: Uint16Array;
  /** Position in the group of each pair's answer, −1 apart: [p²]. */
  positions: Int16Array;
  /** Pairs of each position: [size]. */
  counts: Int32Array;
  /** Pairs of a position, on average. */
  multiplicity: number;
}

const indices = new Map<string, SumIndex>();

/**
 * Where each pair's answer lies in its group. Computed once per operation and modulus; do not write into it.
 *
 * @throws AnalysisError for an operation other than a ± b with a modulus that is not an odd prime
 */
export function sumIndex(operation: Operation, modulus: number): SumIndex {
  const name = `${operation} ${modulus}`;
  const known = indices.get(name);
  if (known) return known;
  const answers = answerCharacters(operation, modulus);
  const right = labels({ operation, modulus });
  const positions = Int16Array.from(right, (label) => answers.positions[label]);
  const counts = new Int32Array(answers.size);
  for (const position of positions) if (position >= 0) counts[position]++;
  const multiplicity = counts.reduce((total, count) => total + count, 0) / answers.size;
  const index = { modulus, answers, labels: right, positions, counts, multiplicity };
  indices.set(name, index);
  return index;
}

/** What pairs of equal answer have in common. */
export interface SumMeans {
  index: SumIndex;
  /** Columns per row: classes for logits, neurons for activations. */
  width: number;
  /** Mean of the rows of each answer, in the order of the group: [size, width]. */
  means: Float64Array;
  /** Mean of the rows whose answer stands apart: [width]. */
  apart: Float64Array;
  /** F · means: coefficient rows constant, cos_1, sin_1, …: [size, width]. */
  coefficients: Float64Array;
}

/** Averages rows [p², width], indexed by code a·p + b, over the pairs of equal answer. */
export function sumMeans(rows: Float32Array | Float64Array, index: SumIndex, width: number): SumMeans {
  const { size } = index.answers;
  const means = new Float64Array(size * width);
  const apart = new Float64Array(width);
  for (let code = 0; code < index.positions.length; code++) {
    const position = index.positions[code];
    const sums = position < 0 ? apart : means;
    const target = position < 0 ? 0 : position * width;
    const source = code * width;
    for (let j = 0; j < width; j++) sums[target + j] += rows[source + j];
  }
  const pairsApart = index.positions.length - index.multiplicity * size;
  for (let i = 0; i < means.length; i++) means[i] /= index.counts[Math.floor(i / width)];
  for (let j = 0; j < width; j++) apart[j] /= Math.max(pairsApart, 1);
  return { index, width, means, apart, coefficients: transformRows(means, size, width) };
}

/**
 * Norm of the rows' components along the sum directions of each frequency, √(‖c_kᵀL‖² + ‖s_kᵀL‖²), over all pairs:
 * entry k − 1 belongs to frequency k.
 */
export function sumNorms(sums: SumMeans): Float64Array {
  const scale = Math.sqrt(sums.index.multiplicity);
  return foldedNorms(sums.coefficients, sums.index.answers.size, sums.width).map((norm) => norm * scale);
}

/**
 * Σ_{k ∈ K} (c_k c_kᵀ + s_k s_kᵀ) applied to the rows. Pairs of equal answer share its value, so it is given once per
 * position of the group: [size, width].
 */
export function sumComponents(sums: SumMeans, frequencies: readonly number[]): Float64Array {
  const { coefficients, width } = sums;
  const { size } = sums.index.answers;
  const F = fourierBasis(size);
  const out = new Float64Array(size * width);
  for (const k of frequencies) {
    const [first, second = first] = rowsOf(k, size);
    const secondWeight = second === first ? 0 : 1;
    for (let t = 0; t < size; t++) {
      const c = F[first * size + t];
      const s = F[second * size + t] * secondWeight;
      for (let j = 0; j < width; j++) {
        out[t * width + j] += c * coefficients[first * width + j] + s * coefficients[second * width + j];
      }
    }
  }
  return out;
}

/** Mean of the rows over all answers of the group: [width]. */
export function sumConstant(sums: SumMeans): Float64Array {
  const scale = 1 / Math.sqrt(sums.index.answers.size);
  return sums.coefficients.slice(0, sums.width).map((value) => value * scale);
}
