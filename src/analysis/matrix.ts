/**
 * Dense products on flat row-major arrays. Inner loops run along rows, over stretches that stay in cache; two rows of the
 * left factor meet four of the right at a time, so that memory is touched once for eight multiply-adds.
 */
import { fastLoops } from "./fast-loops.js";

export type Floats = Float32Array | Float64Array;

/** Columns taken at a time: four rows of the right factor and two of the result then fit a first-level cache. */
const STRETCH = 512;
/** Multiply-adds below which the way into WebAssembly costs more than it saves. */
const WORTH_A_CALL = 20_000;

/**
 * A @ B.
 *
 * @param A [m, k]
 * @param B [k, n]
 * @returns [m, n]
 */
export function product(A: Floats, B: Floats, m: number, k: number, n: number): Float64Array {
  const left = A instanceof Float64Array ? A : new Float64Array(A);
  const right = B instanceof Float64Array ? B : new Float64Array(B);
  const fast = m * k * n < WORTH_A_CALL ? null : fastLoops();
  if (fast) return fast.product(left, right, m, k, n);
  const out = new Float64Array(m * n);
  for (let from = 0; from < n; from += STRETCH) {
    const to = Math.min(n, from + STRETCH);
    for (let i = 0; i + 1 < m; i += 2) addTwoRows(left, right, out, i, k, n, from, to);
    if (m % 2 === 1) addOneRow(left, right, out, m - 1, k, n, from, to);
  }
  return out;
}

function addTwoRows(
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
  i: number,
  k: number,
  n: number,
  from: number,
  to: number,
): void {
  const upper = i * n;
  const lower = upper + n;
  const whole = k - (k % 4);
  for (let l = 0; l < whole; l += 4) {
    const x = i * k + l;
    const y = x + k;
    const [a0, a1, a2, a3] = [left[x], left[x + 1], left[x + 2], left[x + 3]];
    const [c0, c1, c2, c3] = [left[y], left[y + 1], left[y + 2], left[y + 3]];
    const b0 = l * n;
    const b1 = b0 + n;
    const b2 = b1 + n;
    const b3 = b2 + n;
    for (let j = from; j < to; j++) {
      const v0 = right[b0 + j];
      const v1 = right[b1 + j];
      const v2 = right[b2 + j];
      const v3 = right[b3 + j];
      out[upper + j] += a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
      out[lower + j] += c0 * v0 + c1 * v1 + c2 * v2 + c3 * v3;
    }
  }
  for (let l = whole; l < k; l++) {
    const a = left[i * k + l];
    const c = left[(i + 1) * k + l];
    for (let j = from; j < to; j++) {
      out[upper + j] += a * right[l * n + j];
      out[lower + j] += c * right[l * n + j];
    }
  }
}

function addOneRow(
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
  i: number,
  k: number,
  n: number,
  from: number,
  to: number,
): void {
  for (let l = 0; l < k; l++) {
    const a = left[i * k + l];
    for (let j = from; j < to; j++) out[i * n + j] += a * right[l * n + j];
  }
}

/** The transpose of A [m, n]: [n, m]. */
export function transpose(A: Floats, m: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = A[i * n + j];
  return out;
}

/** Σ x². */
export function sumOfSquares(values: Floats): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
