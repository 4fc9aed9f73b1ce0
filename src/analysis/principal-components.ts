/** Principal components of rows of numbers, and the place of any rows in that one fixed basis. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type Floats, product, sumOfSquares, transpose } from "./matrix.js";

export interface PrincipalBasis {
  /** Mean row: [n] */
  mean: Float64Array;
  /** Unit vectors, by descending variance; the largest entry of each is positive: [count, n] */
  components: Float64Array;
  /** Variance along each: [count] */
  variances: Float64Array;
  /** Variance in all directions together. */
  total: number;
}

/**
 * Principal components of the rows of X, centred.
 *
 * @param X [m, n]
 * @param count how many, at most min(m − 1, n)
 */
export function principalBasis(X: Floats, m: number, n: number, count: number): PrincipalBasis {
  const mean = new Float64Array(n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) mean[j] += X[i * n + j] / m;
  const centred = Float64Array.from(X, (value, i) => value - mean[i % n]);
  const most = Math.min(count, m - 1, n);
  // The smaller of the two Gram matrices has the same spectrum.
  const wide = m < n;
  const across = transpose(centred, m, n);
  const gram = wide ? product(centred, across, m, n, m) : product(across, centred, n, m, n);
  const size = wide ? m : n;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(Array.from({ length: size }, (_, i) => Array.from(gram.subarray(i * size, (i + 1) * size)))),
    { assumeSymmetric: true },
  );
  const order = Array.from(realEigenvalues, (_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const vectors = Float64Array.from({ length: most * size }, (_, i) =>
    eigenvectorMatrix.get(i % size, order[Math.floor(i / size)]),
  );
  const components = wide ? product(vectors, centred, most, m, n) : vectors;
  for (let c = 0; c < most; c++) orient(components.subarray(c * n, (c + 1) * n));
  return {
    mean,
    components,
    variances: Float64Array.from({ length: most }, (_, c) => Math.max(0, realEigenvalues[order[c]]) / m),
    total: sumOfSquares(centred) / m,
  };
}

/** Makes a vector one of unit length whose largest entry is positive, so that the sign is not left to chance. */
function orient(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  const length = Math.sqrt(sumOfSquares(vector));
  if (length === 0) return;
  for (let j = 0; j < vector.length; j++) vector[j] *= Math.sign(largest) / length;
}

/** Coordinates of the rows of X [m, n] in a basis: [m, count]. */
export function coordinatesIn(basis: Pick<PrincipalBasis, "mean" | "components">, X: Floats, m: number): Float64Array {
  const n = basis.mean.length;
  const count = basis.components.length / n;
  const centred = Float64Array.from({ length: m * n }, (_, i) => X[i] - basis.mean[i % n]);
  return product(centred, transpose(basis.components, count, n), m, n, count);
}

/** Share of the rows' variance about the basis's mean that each of its directions holds: [count]. */
export function varianceShares(basis: Pick<PrincipalBasis, "mean" | "components">, X: Floats, m: number): Float64Array {
  const n = basis.mean.length;
  const count = basis.components.length / n;
  let total = 0;
  for (let i = 0; i < m * n; i++) total += (X[i] - basis.mean[i % n]) ** 2;
  const shares = new Float64Array(count);
  coordinatesIn(basis, X, m).forEach((value, i) => {
    shares[i % count] += value * value;
  });
  return shares.map((square) => (total > 0 ? square / total : 0));
}
