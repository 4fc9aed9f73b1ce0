/**
 * The neuron–logit map W_L and the few directions it rests on (Nanda et al. 2023, section 4.3): W_L ≈ Σ_k u_k cos_kᵀ +
 * v_k sin_kᵀ over the classes, with u_kᵀ MLP(a, b) ∝ cos w_k(a + b) and v_kᵀ MLP(a, b) ∝ sin w_k(a + b).
 */
import { EigenvalueDecomposition, Matrix, solve } from "ml-matrix";
import type { Characters } from "./characters.js";
import { fourierBasis, rowsOf } from "./fourier.js";
import { lineCoefficients } from "./line-sums.js";
import { product, sumOfSquares, transpose } from "./matrix.js";
import type { PairGrid } from "./pair-grid.js";
import type { ReadOut } from "./read-out.js";

/** Singular values of a matrix [m, n], descending: [n]. */
export function singularValues(W: Float64Array, m: number, n: number): Float64Array {
  const gram = product(transpose(W, m, n), W, n, m, n);
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(rowsOfMatrix(gram, n, n)), {
    assumeSymmetric: true,
  });
  return Float64Array.from(realEigenvalues, (value) => Math.sqrt(Math.max(0, value))).sort((x, y) => y - x);
}

/** Number of singular values, largest first, that hold a share of Σσ² = ‖W‖_F². */
export function rankFor(values: Float64Array, share = 0.995): number {
  const total = sumOfSquares(values);
  let held = 0;
  for (let i = 0; i < values.length; i++) {
    held += values[i] * values[i];
    if (held >= share * total) return i + 1;
  }
  return values.length;
}

/** Unit vectors over the classes, cos_k and sin_k of each frequency in turn: [p, 2|K|], a column each. */
export function classDirections(answers: Characters, frequencies: readonly number[]): Float64Array {
  const p = answers.positions.length;
  const F = fourierBasis(answers.size);
  const rows = frequencies.flatMap((k) => rowsOf(k, answers.size));
  const out = new Float64Array(p * rows.length);
  for (let t = 0; t < answers.size; t++) {
    for (let j = 0; j < rows.length; j++) out[answers.residues[t] * rows.length + j] = F[rows[j] * answers.size + t];
  }
  return out;
}

/** ‖W_L − its projection on the directions‖_F / ‖W_L‖_F. */
export function residualShare(map: Float64Array, d_mlp: number, directions: Float64Array): number {
  const p = map.length / d_mlp;
  const kept = product(map, directions, d_mlp, p, directions.length / p);
  return Math.sqrt(Math.max(0, 1 - sumOfSquares(kept) / sumOfSquares(map)));
}

export interface DirectionFit {
  frequency: number;
  wave: "cos" | "sin";
  /** Share of the variance of u_kᵀ MLP(a, b), or v_kᵀ MLP, that the wave of x + y explains. */
  fve: number;
}

/** How well the MLP's output along each direction is the wave of the answer that it should be. */
export function directionFits(
  { throughMlp }: ReadOut,
  grid: PairGrid,
  answers: Characters,
  frequencies: readonly number[],
): DirectionFit[] {
  const p = answers.positions.length;
  const rows = frequencies.flatMap((k) => rowsOf(k, answers.size).map((row) => ({ k, row })));
  const maps = product(throughMlp, classDirections(answers, frequencies), p * p, p, rows.length);
  const lines = lineCoefficients(maps, grid, rows.length);
  return rows.map(({ k, row }, j) => ({
    frequency: k,
    wave: row % 2 === 1 ? "cos" : "sin",
    fve: lines.variance[j] > 0 ? lines.sums[row * rows.length + j] ** 2 / lines.variance[j] : 0,
  }));
}

/**
 * Logits with the activations projected on the span of the u_k and v_k, and with that span taken out of them; what
 * passes by the MLP stays in both. Each [p², p].
 */
export function projectedMlp(
  { map, direct, throughMlp }: ReadOut,
  d_mlp: number,
  answers: Characters,
  frequencies: readonly number[],
): { onDirections: Float32Array; onNullSpace: Float32Array } {
  const p = answers.positions.length;
  const directions = classDirections(answers, frequencies);
  const count = directions.length / p;
  const U = product(map, directions, d_mlp, p, count);
  const UT = transpose(U, d_mlp, count);
  const gram = new Matrix(rowsOfMatrix(product(UT, U, count, d_mlp, count), count, count));
  const reading = new Matrix(rowsOfMatrix(product(UT, map, count, d_mlp, p), count, p));
  const back = Float64Array.from(solve(gram, reading, true).to1DArray());
  // hidden U = hidden W_L · directions: the activations themselves are not needed.
  const along = product(product(throughMlp, directions, p * p, p, count), back, p * p, count, p);
  return {
    onDirections: direct.map((logit, i) => logit + along[i]),
    onNullSpace: direct.map((logit, i) => logit + throughMlp[i] - along[i]),
  };
}

function rowsOfMatrix(values: Float64Array, m: number, n: number): number[][] {
  return Array.from({ length: m }, (_, i) => Array.from(values.subarray(i * n, (i + 1) * n)));
}
