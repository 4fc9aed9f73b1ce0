/**
 * The tables of a one-layer model: everything between the tokens and the pre-activations, per token in place of per pair.
 *
 * Before attention the residual stream depends on (token, position) alone, and what attention adds is linear in the
 * values, so pre-activations and direct logits, side by side, are
 * u(a, b) = constant + Σ_h A_h0(a, b) first_h[a] + A_h1(a, b) second_h[b].
 */
import type { ModelShape } from "../model/config.js";
import { parameterLayout, tensor } from "../model/parameters.js";
import { product } from "./matrix.js";

/** Attention scores of the query at "=". */
export interface Scores {
  /** [heads, p], against a, and against b */
  first: Float64Array;
  second: Float64Array;
  /** [heads], against "=" itself */
  own: Float64Array;
}

/** What the tables lead to: the d_mlp pre-activations, the p direct logits, or both in this order. */
export type TableColumns = "all" | "direct logits";

export interface FactoredTables {
  /** d_mlp + p, or p */
  width: number;
  /** [width] */
  constant: Float64Array;
  /** [heads, p, width] */
  first: Float64Array;
  second: Float64Array;
  scores: Scores;
}

/** @param parameters flat weights of a one-layer model */
export function factoredTables(shape: ModelShape, parameters: Float32Array, columns: TableColumns): FactoredTables {
  const { modulus: p, d_model: d, heads, d_head: dh } = shape;
  const neurons = columns === "all" ? shape.d_mlp : 0;
  const width = neurons + p;
  const layout = parameterLayout(shape);
  const W = (name: string) => tensor(layout, parameters, name);
  const block = (name: string) => W(`blocks.0.${name}`);
  const W_E = W("W_E");
  const W_pos = W("W_pos");
  const embed = (tokens: number[], position: number) =>
    Float64Array.from(
      { length: tokens.length * d },
      (_, i) => W_E[tokens[Math.floor(i / d)] * d + (i % d)] + W_pos[position * d + (i % d)],
    );
  const residues = Array.from({ length: p }, (_, t) => t);
  const streams = [embed(residues, 0), embed(residues, 1), embed([p], 2)];
  const readers = neurons ? sideBySide(block("W_in"), W("W_U"), d, neurons, p) : Float64Array.from(W("W_U"));
  const constant = product(streams[2], readers, 1, d, width);
  const direct = product(block("b_out"), W("W_U"), 1, d, p);
  for (let i = 0; i < neurons; i++) constant[i] += block("b_in")[i];
  for (let c = 0; c < p; c++) constant[neurons + c] += direct[c];
  const first = new Float64Array(heads * p * width);
  const second = new Float64Array(heads * p * width);
  const scores = {
    first: new Float64Array(heads * p),
    second: new Float64Array(heads * p),
    own: new Float64Array(heads),
  };
  for (let h = 0; h < heads; h++) {
    const head = (name: string) => block(name).subarray(h * d * dh, (h + 1) * d * dh);
    const query = product(streams[2], head("W_Q"), 1, d, dh).map((value) => value / Math.sqrt(dh));
    const score = (rows: number, stream: Float64Array) =>
      product(product(stream, head("W_K"), rows, d, dh), query, rows, dh, 1);
    scores.first.set(score(p, streams[0]), h * p);
    scores.second.set(score(p, streams[1]), h * p);
    scores.own.set(score(1, streams[2]), h);
    const writer = product(head("W_O"), readers, dh, d, width);
    const written = (rows: number, stream: Float64Array) =>
      product(product(stream, head("W_V"), rows, d, dh), writer, rows, dh, width);
    const own = written(1, streams[2]);
    for (let j = 0; j < width; j++) constant[j] += own[j];
    for (const [position, table] of [first, second].entries()) {
      const values = written(p, streams[position]);
      for (let i = 0; i < values.length; i++) table[h * p * width + i] = values[i] - own[i % width];
    }
  }
  return { width, constant, first, second, scores };
}

/** [A | B]: [d, m + n] */
function sideBySide(A: Float32Array, B: Float32Array, d: number, m: number, n: number): Float64Array {
  const out = new Float64Array(d * (m + n));
  for (let i = 0; i < d; i++) {
    out.set(A.subarray(i * m, (i + 1) * m), i * (m + n));
    out.set(B.subarray(i * n, (i + 1) * n), i * (m + n) + m);
  }
  return out;
}
