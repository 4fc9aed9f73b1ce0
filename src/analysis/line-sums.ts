/**
 * Sums of maps over the lines of a grid: rows, columns, and the two diagonals x + y and x − y.
 *
 * Every product of a cosine or sine of w_k x with one of w_k y is a combination of cosines and sines of w_k(x + y) and
 * w_k(x − y), so these four sums, one dimension lower, hold everything of degree 2 in one frequency: 4 n² additions per
 * map in place of a 2-D transform.
 */
import { fastLoops } from "./fast-loops.js";
import { transformRows } from "./fourier.js";
import type { PairGrid } from "./pair-grid.js";

/** Coefficients of `width` maps along unit directions over the grid; each [size, width], rows as in `fourierBasis`. */
export interface LineCoefficients {
  size: number;
  width: number;
  /** cos, sin of w_k x, over √(n/2) √n */
  rows: Float64Array;
  /** cos, sin of w_k y */
  columns: Float64Array;
  /** cos, sin of w_k(x + y): the sum directions c_k, s_k */
  sums: Float64Array;
  /** cos, sin of w_k(x − y) */
  differences: Float64Array;
  /** Σ over the grid of the square of each map less its mean: [width]. */
  variance: Float64Array;
}

/**
 * Transforms maps over the pairs along the four kinds of lines.
 *
 * @param maps [p², width], row a·p + b
 * @param grid which pairs, in which order
 */
export function lineCoefficients(maps: Float32Array | Float64Array, grid: PairGrid, width: number): LineCoefficients {
  const n = grid.size;
  const { rows, columns, sums, differences, variance } = lineSums(maps, grid, width);
  for (let j = 0; j < width; j++) {
    let total = 0;
    for (let x = 0; x < n; x++) total += rows[x * width + j];
    const centred = variance[j] - (total * total) / (n * n);
    // What rounding leaves of a constant map is no variance.
    variance[j] = centred > 1e-12 * variance[j] ? centred : 0;
  }
  // Each direction is a row of F over one coordinate, spread over n pairs: a unit vector once divided by √n.
  const coefficients = (values: Float64Array) => transformRows(values, n, width).map((value) => value / Math.sqrt(n));
  return {
    size: n,
    width,
    rows: coefficients(rows),
    columns: coefficients(columns),
    sums: coefficients(sums),
    differences: coefficients(differences),
    variance,
  };
}

/** Sums of the maps over rows, columns, x + y and x − y: [n, width] each; and of their squares. */
function lineSums(maps: Float32Array | Float64Array, grid: PairGrid, width: number) {
  const n = grid.size;
  const fast = fastLoops();
  if (fast && maps instanceof Float32Array && width % 2 === 0) {
    const all = fast.lineSums(maps, grid.codes, n, width);
    const part = (i: number) => all.subarray(i * n * width, (i + 1) * n * width);
    return { rows: part(0), columns: part(1), sums: part(2), differences: part(3), variance: all.slice(4 * n * width) };
  }
  const rows = new Float64Array(n * width);
  const columns = new Float64Array(n * width);
  const sums = new Float64Array(n * width);
  const differences = new Float64Array(n * width);
  const variance = new Float64Array(width);
  for (let x = 0; x < n; x++) {
    for (let y = 0; y < n; y++) {
      const source = grid.codes[x * n + y] * width;
      const row = x * width;
      const column = y * width;
      const sum = ((x + y) % n) * width;
      const difference = ((x - y + n) % n) * width;
      for (let j = 0; j < width; j++) {
        const value = maps[source + j];
        rows[row + j] += value;
        columns[column + j] += value;
        sums[sum + j] += value;
        differences[difference + j] += value;
        variance[j] += value * value;
      }
    }
  }
  return { rows, columns, sums, differences, variance };
}
