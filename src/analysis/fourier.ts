/**
 * The real Fourier basis over the residues mod n, and transforms in it (Nanda et al. 2023, section 4.1 and appendix).
 *
 * Rows of F, orthonormal: the constant, then cos_k and sin_k of 2πkt/n over √(n/2), k = 1 … (n−1)/2. For an even n a
 * last row (−1)^t/√n belongs to k = n/2; it is needed for the multiplicative group, whose size p − 1 is even.
 * Frequencies are folded: k and n − k are one frequency, and the constant is none.
 */
import { type Floats, product, transpose } from "./matrix.js";

/** Number of folded frequencies: (n−1)/2 for odd n, n/2 for even n. */
export function frequencyCount(n: number): number {
  return Math.floor(n / 2);
}

/** Rows of F that belong to frequency k ≥ 1: cos_k and sin_k, or the single row of k = n/2. */
export function rowsOf(k: number, n: number): number[] {
  return 2 * k === n ? [2 * k - 1] : [2 * k - 1, 2 * k];
}

/** Name of a row of F, for labels: "1", "cos 3", "sin 3". */
export function rowLabel(row: number): string {
  return row === 0 ? "1" : `${row % 2 === 1 ? "cos" : "sin"} ${Math.ceil(row / 2)}`;
}

const bases = new Map<number, Float64Array>();

/** F: [n, n], row-major, orthonormal. Computed once per n; do not write into it. */
export function fourierBasis(n: number): Float64Array {
  const known = bases.get(n);
  if (known) return known;
  const F = new Float64Array(n * n);
  F.fill(1 / Math.sqrt(n), 0, n);
  const scale = Math.sqrt(2 / n);
  for (let k = 1; k <= frequencyCount(n); k++) {
    const [cosine, sine] = rowsOf(k, n);
    for (let t = 0; t < n; t++) {
      // k·t reduced mod n first: exact integers, so that the angle keeps full precision.
      const angle = (2 * Math.PI * ((k * t) % n)) / n;
      F[cosine * n + t] = sine === undefined ? Math.cos(angle) / Math.sqrt(n) : scale * Math.cos(angle);
      if (sine !== undefined) F[sine * n + t] = scale * Math.sin(angle);
    }
  }
  bases.set(n, F);
  return F;
}

/** F X: the transform along the first axis of X [n, m]. */
export function transformRows(X: Floats, n: number, m: number): Float64Array {
  return product(fourierBasis(n), X, n, n, m);
}

/** Fᵀ C: back from coefficients C [n, m] along the first axis. */
export function inverseRows(C: Floats, n: number, m: number): Float64Array {
  return product(transpose(fourierBasis(n), n, n), C, n, n, m);
}

/** X Fᵀ: the transform along the second axis of X [m, n]. */
export function transformColumns(X: Floats, m: number, n: number): Float64Array {
  return product(X, transpose(fourierBasis(n), n, n), m, n, n);
}

/**
 * Norms of the components of coefficients C [n, m] (the transform along the first axis), folded:
 * entry k − 1 is √(‖row cos_k‖² + ‖row sin_k‖²). The constant is left out.
 */
export function foldedNorms(C: Floats, n: number, m: number): Float64Array {
  const norms = new Float64Array(frequencyCount(n));
  for (let row = 1; row < n; row++) {
    let sum = 0;
    for (let j = row * m; j < (row + 1) * m; j++) sum += C[j] * C[j];
    norms[Math.ceil(row / 2) - 1] += sum;
  }
  return norms.map(Math.sqrt);
}
