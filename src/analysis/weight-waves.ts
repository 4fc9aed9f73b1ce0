/**
 * Every weight matrix as it acts between tokens and classes, in the Fourier basis: rows are waves over the tokens, or
 * over the classes, that it passes on.
 *
 * A matrix inside the model has no row per token, so it is read through the ones before it: W_K as W_E W_K, W_O as
 * Σ_h W_E W_V^h W_O^h, W_in as that times W_in; W_out through the one after it, as W_out W_U = W_L. These are the paths that
 * a token takes to the neurons and a neuron to the logits (Elhage et al. 2021; Nanda et al. 2023, section 4).
 */
import type { ModelShape } from "../model/config.js";
import { parameterLayout, tensor } from "../model/parameters.js";
import { type Characters, gatherRows } from "./characters.js";
import { rowsOf, transformRows } from "./fourier.js";
import { product, transpose } from "./matrix.js";

/** Matrices that have waves: those along the way from a token to the logits. */
export const WAVE_MATRICES = ["W_E", "W_Q", "W_K", "W_V", "W_O", "W_in", "W_out", "W_U"] as const;
export type WaveMatrix = (typeof WAVE_MATRICES)[number];

/** Whether the rows of a matrix are waves over the classes; over the tokens otherwise. */
export const isOverClasses = (name: WaveMatrix) => name === "W_out" || name === "W_U";

export interface WeightWaves {
  /** Components, the constant first, as in `fourierBasis`. */
  rows: number;
  columns: number;
  /** [rows, columns] */
  values: Float64Array;
}

/** The product that stands for a matrix, for captions. */
export const WAVE_PATHS: Record<WaveMatrix, string> = {
  W_E: "W_E",
  W_Q: "W_E W_Q",
  W_K: "W_E W_K",
  W_V: "W_E W_V",
  W_O: "W_E W_V W_O",
  W_in: "W_E W_V W_O W_in",
  W_out: "W_out W_U",
  W_U: "W_U",
};

/**
 * One matrix in the Fourier basis.
 *
 * @param layer counted from 1: of a deeper model the path from W_E to this layer and from it to W_U directly
 */
export function weightWaves(
  shape: ModelShape,
  parameters: Float32Array,
  name: WaveMatrix,
  layer: number,
  { tokens, answers }: { tokens: Characters; answers: Characters },
): WeightWaves {
  const { modulus: p, d_model, heads, d_head, d_mlp } = shape;
  const layout = parameterLayout(shape);
  const weights = (tensorName: string) => tensor(layout, parameters, tensorName);
  const block = (tensorName: string) => weights(`blocks.${layer - 1}.${tensorName}`);
  const overTokens = (values: Float32Array | Float64Array, columns: number): WeightWaves => ({
    rows: tokens.size,
    columns,
    values: transformRows(gatherRows(values, tokens, columns), tokens.size, columns),
  });
  const overClasses = (values: Float32Array | Float64Array, columns: number): WeightWaves => ({
    rows: answers.size,
    columns,
    values: transformRows(gatherRows(transpose(values, columns, p), answers, columns), answers.size, columns),
  });
  const W_E = weights("W_E");
  const throughHeads = (matrix: string) =>
    product(W_E, besideEachOther(block(matrix), heads, d_model, d_head), p + 1, d_model, heads * d_head);
  // W_O lies as [heads, d_head, d_model]: its rows are already the columns of the heads beside each other.
  const afterAttention = () => product(throughHeads("W_V"), block("W_O"), p + 1, heads * d_head, d_model);
  if (name === "W_E") return overTokens(W_E, d_model);
  if (name === "W_U") return overClasses(weights("W_U"), d_model);
  if (name === "W_out") return overClasses(product(block("W_out"), weights("W_U"), d_mlp, d_model, p), d_mlp);
  if (name === "W_O") return overTokens(afterAttention(), d_model);
  if (name === "W_in") return overTokens(product(afterAttention(), block("W_in"), p + 1, d_model, d_mlp), d_mlp);
  return overTokens(throughHeads(name), heads * d_head);
}

/** Heads [heads, m, n] as one matrix, the columns of each head beside those of the one before: [m, heads · n]. */
export function besideEachOther(values: Float32Array, heads: number, m: number, n: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < m; i++) {
      out.set(values.subarray((h * m + i) * n, (h * m + i + 1) * n), i * heads * n + h * n);
    }
  }
  return out;
}

/** Share of the energy of the rows, the constant left out, in those of some frequencies. */
export function rowShare({ rows, columns, values }: WeightWaves, frequencies: readonly number[]): number {
  const energyOf = (row: number) => {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += values[i] * values[i];
    return sum;
  };
  let all = 0;
  for (let row = 1; row < rows; row++) all += energyOf(row);
  let kept = 0;
  for (const k of frequencies) for (const row of rowsOf(k, rows)) kept += energyOf(row);
  return all > 0 ? kept / all : 0;
}

/** Rows of the basis with those of some frequencies first, in their order, then the others; the constant left out. */
export function rowsByFrequency(size: number, first: readonly number[]): number[] {
  const front = first.flatMap((k) => rowsOf(k, size));
  const rest = Array.from({ length: size - 1 }, (_, i) => i + 1).filter((row) => !front.includes(row));
  return [...front, ...rest];
}
