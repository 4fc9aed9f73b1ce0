/**
 * The 2-D Fourier transform of maps over the pairs: |F L Fᵀ|, its rows the basis over the first coordinate, its columns
 * over the second (Nanda et al. 2023, figures 5 and 6).
 */
import { rowsOf, transformRows } from "./fourier.js";
import type { Floats } from "./matrix.js";
import type { PairGrid } from "./pair-grid.js";

/**
 * Norm over the maps of each 2-D Fourier coefficient.
 *
 * @param maps [p², width], row a·p + b: logits (width p), one neuron (width 1), …
 * @param grid which pairs, in which coordinates
 * @returns [n, n]: entry (u, v) belongs to basis row u of the first and v of the second coordinate
 */
export function spectrum2d(maps: Floats, grid: PairGrid, width: number): Float64Array {
  const n = grid.size;
  const ordered = new Float64Array(n * n * width);
  for (let at = 0; at < n * n; at++) {
    const source = grid.codes[at] * width;
    for (let j = 0; j < width; j++) ordered[at * width + j] = maps[source + j];
  }
  const first = transformRows(ordered, n, n * width);
  const norms = new Float64Array(n * n);
  for (let u = 0; u < n; u++) {
    const second = transformRows(first.subarray(u * n * width, (u + 1) * n * width), n, width);
    for (let v = 0; v < n; v++) {
      let sum = 0;
      for (let j = v * width; j < (v + 1) * width; j++) sum += second[j] * second[j];
      norms[u * n + v] = Math.sqrt(sum);
    }
  }
  return norms;
}

/**
 * Share of the energy, the constant left out, that lies in the blocks {cos_k, sin_k}² of some frequencies.
 *
 * @param norms [n, n], as `spectrum2d` gives them
 */
export function blockShare(norms: Float64Array, n: number, frequencies: readonly number[]): number {
  let all = -norms[0] * norms[0];
  for (const norm of norms) all += norm * norm;
  let kept = 0;
  for (const k of frequencies) {
    for (const u of rowsOf(k, n)) for (const v of rowsOf(k, n)) kept += norms[u * n + v] ** 2;
  }
  return all > 0 ? kept / all : 0;
}
