/** Figure 9: attention of "=" to the first number over all pairs, and the wave that explains it, per head. */
import { type AttentionFit, attentionFits } from "../../analysis/attention-fit.js";
import { type ModelView, once } from "../../analysis/model-view.js";
import type { PairGrid } from "../../analysis/pair-grid.js";
import { shuffledGrid } from "../../analysis/shuffled-grid.js";
import { POSITIONS } from "../../model/forward.js";
import { type DerivationChoices, isGap } from "../derivation.js";
import { layerChoice, mapGrid, operationGrid } from "../operation-grid.js";

/** Seed of the shuffle of the permutation null. */
const NULL_SEED = 1;

export interface AttentionPattern extends Omit<AttentionFit, "shares" | "head"> {
  /** Index of the head; null for the mean of all heads. */
  head: number | null;
  /** The next best frequency, and the share that both explain together; equal to `fve` where there is none. */
  second: { frequency: number; fve: number };
  /** Share that each key frequency explains, in the order of `ranked`. */
  keyShares: number[];
  /** FVE of the best wave when the tokens are shuffled. */
  shuffledFve: number;
  /** Mean attention of "=" to itself. */
  toItself: number;
  /** Attention to the first number: [size, size], row of the first coordinate. */
  map: Float32Array;
}

export interface AttentionPatternsData {
  modulus: number;
  layer: number;
  layers: number;
  /** Coordinates of the maps run over 0 … size − 1. */
  size: number;
  axes: readonly [string, string];
  /** Code a·p + b of the pair at (x, y), index x·size + y. */
  codes: Int32Array;
  ranked: readonly number[];
  heads: AttentionPattern[];
  /** Of the mean of the heads' attention. */
  mean: AttentionPattern;
}

export function deriveAttentionPatterns(view: ModelView, choices: DerivationChoices): AttentionPatternsData {
  const grid = mapGrid(view);
  const { heads, modulus, layers } = view.config;
  const layer = layerChoice(view, choices);
  const attention = view.attention[layer - 1];
  // Where an operation has no waves, the maps lie over a and b, of which the key frequencies are none.
  const keys = isGap(operationGrid(view)) ? [] : view.rankedFrequencies;
  return once(view, `attention patterns ${layer}`, () => ({
    modulus,
    layer,
    layers,
    size: grid.size,
    axes: grid.axes,
    codes: grid.codes,
    ranked: view.rankedFrequencies,
    heads: patternsOf(attention, grid, heads, keys),
    mean: { ...patternsOf(meanOverHeads(attention, heads), grid, 1, keys)[0], head: null },
  }));
}

/** @param attention [p², heads, 3] */
function patternsOf(
  attention: Float32Array,
  grid: PairGrid,
  heads: number,
  keys: readonly number[],
): AttentionPattern[] {
  const shuffled = attentionFits(attention, shuffledGrid(grid, NULL_SEED), heads);
  return attentionFits(attention, grid, heads).map(({ shares, ...fit }, head) => {
    const at = (code: number, position: number) => attention[(code * heads + head) * POSITIONS + position];
    const toItself = grid.codes.reduce((sum, code) => sum + at(code, 2), 0) / grid.codes.length;
    const map = Float32Array.from(grid.codes, (code) => at(code, 0));
    const keyShares = keys.map((k) => shares[k - 1] ?? 0);
    return { ...fit, head, second: secondOf(fit, shares), keyShares, shuffledFve: shuffled[head].fve, toItself, map };
  });
}

/** Waves of different frequencies are orthogonal, so their shares add. */
function secondOf({ frequency, fve }: Pick<AttentionFit, "frequency" | "fve">, shares: Float64Array) {
  const rest = shares.map((share, i) => (i === frequency - 1 ? 0 : share));
  const best = Math.max(0, ...rest);
  return { frequency: best > 0 ? rest.indexOf(best) + 1 : 0, fve: fve + best };
}

/** [p², heads, 3] → [p², 1, 3] */
function meanOverHeads(attention: Float32Array, heads: number): Float32Array {
  const mean = new Float32Array(attention.length / heads);
  for (let i = 0; i < attention.length; i++) {
    const pair = Math.floor(i / (heads * POSITIONS));
    mean[pair * POSITIONS + (i % POSITIONS)] += attention[i] / heads;
  }
  return mean;
}
