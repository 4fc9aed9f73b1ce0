/**
 * Maps over the pairs that are sums of waves of one frequency at a time, held as four tables: a function of x, of y, of
 * x + y and of x − y. All masks and polynomials in use are of this kind, and a linear read-out of the map (neurons
 * to logits) is the read-out of its tables, n rows each in place of n².
 *
 * Masks for k ∈ K (Nanda et al. 2023, section 4.4), always with the constant beside them:
 * - directions {c_k, s_k}: waves of x + y; 2 per k
 * - blocks {cos_k, sin_k}²: waves of x + y and x − y; 4 per k
 * - terms {1, cos_k, sin_k}² without the constant: those and the waves of x and of y; 8 per k
 */
import { fourierBasis, rowsOf } from "./fourier.js";
import type { LineCoefficients } from "./line-sums.js";
import { product } from "./matrix.js";
import type { PairGrid } from "./pair-grid.js";

export const MASKS = ["directions", "blocks", "terms"] as const;
export type Mask = (typeof MASKS)[number];

export interface WaveMaps {
  size: number;
  width: number;
  /** [width] */
  constant: Float64Array;
  /** Each [size, width] */
  rows: Float64Array;
  columns: Float64Array;
  sums: Float64Array;
  differences: Float64Array;
}

const KINDS = ["rows", "columns", "sums", "differences"] as const;
type Kind = (typeof KINDS)[number];

const KINDS_OF: Record<Mask, readonly Kind[]> = {
  directions: ["sums"],
  blocks: ["sums", "differences"],
  terms: KINDS,
};

/** What a mask keeps of the maps that the coefficients belong to. */
export function maskedMaps(lines: LineCoefficients, mask: Mask, frequencies: readonly number[]): WaveMaps {
  const masked = constantMaps(lines);
  for (const k of frequencies) {
    for (const kind of KINDS_OF[mask]) addWave(masked[kind], lines, kind, k, () => true);
  }
  return masked;
}

/**
 * The best fit of each map on the 9 entries {1, cos_k, sin_k}² of its own frequency: a polynomial of degree 2.
 *
 * @param frequencies k of each map; 0 leaves the map its constant
 */
export function degreeTwoFits(lines: LineCoefficients, frequencies: ArrayLike<number>): WaveMaps {
  const fits = constantMaps(lines);
  const distinct = new Set(Array.from(frequencies).filter((k) => k > 0));
  for (const k of distinct) {
    for (const kind of KINDS) addWave(fits[kind], lines, kind, k, (map) => frequencies[map] === k);
  }
  return fits;
}

function constantMaps({ size, width, rows }: LineCoefficients): WaveMaps {
  const table = () => new Float64Array(size * width);
  // The constant's coefficient, Σ/n, is over a unit vector with entries 1/n.
  const constant = rows.slice(0, width).map((value) => value / size);
  return { size, width, constant, rows: table(), columns: table(), sums: table(), differences: table() };
}

/** Adds the wave of frequency k along one kind of line, for the maps that are asked for. */
function addWave(
  table: Float64Array,
  lines: LineCoefficients,
  kind: Kind,
  k: number,
  wanted: (map: number) => boolean,
): void {
  const { size: n, width } = lines;
  // For k = n/2 the waves of x + y and of x − y are one and the same.
  if (kind === "differences" && 2 * k === n) return;
  const F = fourierBasis(n);
  const maps = Array.from({ length: width }, (_, j) => j).filter(wanted);
  for (const row of rowsOf(k, n)) {
    for (let t = 0; t < n; t++) {
      const value = F[row * n + t] / Math.sqrt(n);
      for (const j of maps) table[t * width + j] += value * lines[kind][row * width + j];
    }
  }
}

/** Some of the maps, by index. */
export function selectMaps(maps: WaveMaps, indices: readonly number[]): WaveMaps {
  const { size, width } = maps;
  const pick = (table: Float64Array, rows: number) => {
    const out = new Float64Array(rows * indices.length);
    for (let t = 0; t < rows; t++)
      for (let j = 0; j < indices.length; j++) out[t * indices.length + j] = table[t * width + indices[j]];
    return out;
  };
  return {
    size,
    width: indices.length,
    constant: pick(maps.constant, 1),
    rows: pick(maps.rows, size),
    columns: pick(maps.columns, size),
    sums: pick(maps.sums, size),
    differences: pick(maps.differences, size),
  };
}

/** The maps read out by a matrix W [width, out]: maps @ W. */
export function readOut(maps: WaveMaps, W: Float64Array, out: number): WaveMaps {
  const { size, width } = maps;
  const through = (table: Float64Array, rows: number) => product(table, W, rows, width, out);
  return {
    size,
    width: out,
    constant: through(maps.constant, 1),
    rows: through(maps.rows, size),
    columns: through(maps.columns, size),
    sums: through(maps.sums, size),
    differences: through(maps.differences, size),
  };
}

/**
 * Adds the maps' values, times `factor`, at every pair of the grid.
 *
 * @param target [p², width], row a·p + b; pairs outside the grid are not touched
 */
export function addMaps(target: Float32Array | Float64Array, maps: WaveMaps, grid: PairGrid, factor = 1): void {
  const { size: n, width, constant, rows, columns, sums, differences } = maps;
  for (let x = 0; x < n; x++) {
    for (let y = 0; y < n; y++) {
      const row = grid.codes[x * n + y] * width;
      const u = x * width;
      const v = y * width;
      const s = ((x + y) % n) * width;
      const d = ((x - y + n) % n) * width;
      for (let j = 0; j < width; j++) {
        target[row + j] += factor * (constant[j] + rows[u + j] + columns[v + j] + sums[s + j] + differences[d + j]);
      }
    }
  }
}
