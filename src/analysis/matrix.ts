/**
 * Dense products on flat row-major arrays. Loops run along rows, so that every inner loop is contiguous; four rows of
 * the right factor at a time, so that the result is read and written a quarter as often.
 */
export type Floats = Float32Array | Float64Array;

/**
 * A @ B.
 *
 * @param A [m, k]
 * @param B [k, n]
 * @returns [m, n]
 */
export function product(A: Floats, B: Floats, m: number, k: number, n: number): Float64Array {
  const left = A instanceof Float64Array ? A : Float64Array.from(A);
  const right = B instanceof Float64Array ? B : Float64Array.from(B);
  const out = new Float64Array(m * n);
  const whole = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let l = 0; l < whole; l += 4) {
      const a0 = left[i * k + l];
      const a1 = left[i * k + l + 1];
      const a2 = left[i * k + l + 2];
      const a3 = left[i * k + l + 3];
      const b0 = l * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) {
        out[row + j] += a0 * right[b0 + j] + a1 * right[b1 + j] + a2 * right[b2 + j] + a3 * right[b3 + j];
      }
    }
    for (let l = whole; l < k; l++) {
      const a = left[i * k + l];
      for (let j = 0; j < n; j++) out[row + j] += a * right[l * n + j];
    }
  }
  return out;
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
