/**
 * Logits with something taken out, or with nothing else left in, to see what the model's loss rests on (Nanda et al.
 * 2023, sections 4.3 and 4.4). Logits are [p², p], row a·p + b; pairs outside the operation's grid (a zero factor) keep
 * their own.
 */
import { rowLoss } from "../model/losses.js";
import type { LineCoefficients } from "./line-sums.js";
import { product } from "./matrix.js";
import type { PairGrid } from "./pair-grid.js";
import type { ReadOut } from "./read-out.js";
import { addMaps, degreeTwoFits, type Mask, maskedMaps, readOut, selectMaps } from "./wave-maps.js";

/** Mean cross-entropy over some pairs, nats. */
export function meanLoss(logits: Float32Array, labels: Uint16Array, pairs: Uint32Array, p: number): number {
  let sum = 0;
  for (const code of pairs) sum += rowLoss(logits, code * p, p, labels[code]);
  return sum / pairs.length;
}

/**
 * Logits with nothing left but their mean over the grid and the components of a mask.
 *
 * @param lines coefficients of the logits over the grid
 */
export function keptLogits(
  logits: Float32Array,
  lines: LineCoefficients,
  grid: PairGrid,
  mask: Mask,
  frequencies: readonly number[],
): Float32Array {
  const kept = emptied(logits, grid, lines.width);
  addMaps(kept, maskedMaps(lines, mask, frequencies), grid);
  return kept;
}

/** Logits without the components of a mask; their mean over the grid stays. */
export function removedLogits(
  logits: Float32Array,
  lines: LineCoefficients,
  grid: PairGrid,
  mask: Mask,
  frequencies: readonly number[],
): Float32Array {
  const left = logits.slice();
  const maps = maskedMaps(lines, mask, frequencies);
  addMaps(left, { ...maps, constant: new Float64Array(lines.width) }, grid, -1);
  return left;
}

/**
 * Logits where every neuron keeps nothing but its mean and the components of a mask; what passes by the MLP stays.
 *
 * @param neurons coefficients of the activations over the grid
 */
export function keptNeurons(
  logits: Float32Array,
  { map, direct }: ReadOut,
  neurons: LineCoefficients,
  grid: PairGrid,
  mask: Mask,
  frequencies: readonly number[],
): Float32Array {
  const p = map.length / neurons.width;
  return withGridOf(logits, direct, grid, p, readOut(maskedMaps(neurons, mask, frequencies), map, p));
}

/**
 * Logits where neurons are replaced by polynomials of degree 2, their best fits on {1, cos_k, sin_k}².
 *
 * @param hidden activations [p², d_mlp]
 * @param neurons their coefficients over the grid
 * @param frequencies k of each neuron that is replaced, 0 for those that stay as they are
 */
export function degreeTwoNeurons(
  logits: Float32Array,
  { map, direct }: ReadOut,
  hidden: Float32Array,
  neurons: LineCoefficients,
  grid: PairGrid,
  frequencies: ArrayLike<number>,
): Float32Array {
  const d_mlp = neurons.width;
  const p = map.length / d_mlp;
  const replaced: number[] = [];
  const others: number[] = [];
  for (let j = 0; j < d_mlp; j++) (frequencies[j] > 0 ? replaced : others).push(j);
  const rowsOfMap = (indices: readonly number[]) =>
    Float64Array.from({ length: indices.length * p }, (_, i) => map[indices[Math.floor(i / p)] * p + (i % p)]);
  const pairs = logits.length / p;
  const staying = new Float64Array(pairs * others.length);
  for (let code = 0; code < pairs; code++)
    for (let j = 0; j < others.length; j++) staying[code * others.length + j] = hidden[code * d_mlp + others[j]];
  const through = product(staying, rowsOfMap(others), pairs, others.length, p);
  const base = direct.map((logit, i) => logit + through[i]);
  const fits = readOut(selectMaps(degreeTwoFits(neurons, frequencies), replaced), rowsOfMap(replaced), p);
  return withGridOf(logits, base, grid, p, fits);
}

/** A copy of the logits whose rows on the grid are those of `base` plus the maps. */
function withGridOf(
  logits: Float32Array,
  base: Float32Array,
  grid: PairGrid,
  p: number,
  maps: Parameters<typeof addMaps>[1],
): Float32Array {
  const out = logits.slice();
  for (const code of grid.codes) out.set(base.subarray(code * p, (code + 1) * p), code * p);
  addMaps(out, maps, grid);
  return out;
}

/** A copy of the logits with the rows of the grid set to zero. */
function emptied(logits: Float32Array, grid: PairGrid, p: number): Float32Array {
  const out = logits.slice();
  for (const code of grid.codes) out.fill(0, code * p, (code + 1) * p);
  return out;
}
