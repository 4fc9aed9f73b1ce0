/**
 * The model, written to be read: a causal transformer without LayerNorm on the tokens [a, b, =], every intermediate
 * kept. Float64 throughout. Row-vector convention: x @ W. One example at a time; engines do the same in bulk.
 */
import type { ModelShape } from "./config.js";
import { parameterLayout, tensor } from "./parameters.js";

export const POSITIONS = 3;

/** Everything one block computes for one example. */
export interface BlockTrace {
  /** [heads, 3, d_head] each */
  q: Float64Array;
  k: Float64Array;
  v: Float64Array;
  /** Attention, [heads, query position, key position]; zero above the diagonal. */
  attention: Float64Array;
  /** Residual stream between attention and MLP, [3, d_model]. */
  residualMid: Float64Array;
  /** MLP before the ReLU, [3, d_mlp]. */
  preActivation: Float64Array;
  /** MLP after the ReLU, [3, d_mlp]. */
  hidden: Float64Array;
  /** Residual stream after the block, [3, d_model]. */
  residualPost: Float64Array;
}

export interface Trace {
  /** Residual stream before the first block, [3, d_model]. */
  embedded: Float64Array;
  blocks: BlockTrace[];
  /** Logits of the p answers, read at "=": [p]. */
  logits: Float64Array;
}

type Weights = Float32Array | Float64Array;

/** y += x @ W for one row: x [n] from xOffset, W [n, m] from wOffset, y [m] from yOffset. */
function addProduct(
  x: Weights,
  xOffset: number,
  n: number,
  W: Weights,
  wOffset: number,
  m: number,
  y: Float64Array,
  yOffset: number,
): void {
  for (let i = 0; i < n; i++) {
    const xi = x[xOffset + i];
    if (xi === 0) continue;
    const row = wOffset + i * m;
    for (let j = 0; j < m; j++) y[yOffset + j] += xi * W[row + j];
  }
}

/**
 * Runs the model on one pair.
 *
 * @param shape the model's shape
 * @param parameters flat weights in the order of `parameterLayout`
 */
export function forward(shape: ModelShape, parameters: Weights, a: number, b: number): Trace {
  const { modulus: p, d_model: d } = shape;
  const layout = parameterLayout(shape);
  const W = (name: string) => tensor(layout, parameters as Float32Array, name) as Weights;
  const W_E = W("W_E");
  const W_pos = W("W_pos");
  const tokens = [a, b, p];
  const embedded = Float64Array.from(
    { length: POSITIONS * d },
    (_, i) => W_E[tokens[Math.floor(i / d)] * d + (i % d)] + W_pos[i],
  );
  const blocks: BlockTrace[] = [];
  let residual: Float64Array = embedded;
  for (let layer = 0; layer < shape.layers; layer++) {
    const block = runBlock(shape, (name) => W(`blocks.${layer}.${name}`), residual);
    blocks.push(block);
    residual = block.residualPost;
  }
  const logits = new Float64Array(p);
  addProduct(residual, 2 * d, d, W("W_U"), 0, p, logits, 0);
  return { embedded, blocks, logits };
}

function runBlock(shape: ModelShape, W: (name: string) => Weights, x: Float64Array): BlockTrace {
  const { d_model: d, heads, d_head: dh, d_mlp: dm } = shape;
  const project = (weights: Weights) => {
    const out = new Float64Array(heads * POSITIONS * dh);
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < POSITIONS; i++)
        addProduct(x, i * d, d, weights, h * d * dh, dh, out, (h * POSITIONS + i) * dh);
    return out;
  };
  const q = project(W("W_Q"));
  const k = project(W("W_K"));
  const v = project(W("W_V"));
  const attention = causalAttention(q, k, heads, dh);
  const residualMid = Float64Array.from(x);
  const W_O = W("W_O");
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < POSITIONS; i++) {
      const z = new Float64Array(dh);
      addProduct(attention, (h * POSITIONS + i) * POSITIONS, POSITIONS, v, h * POSITIONS * dh, dh, z, 0);
      addProduct(z, 0, dh, W_O, h * dh * d, d, residualMid, i * d);
    }
  }
  const b_in = W("b_in");
  const b_out = W("b_out");
  const preActivation = Float64Array.from({ length: POSITIONS * dm }, (_, i) => b_in[i % dm]);
  const residualPost = Float64Array.from(residualMid, (value, i) => value + b_out[i % d]);
  for (let i = 0; i < POSITIONS; i++) addProduct(residualMid, i * d, d, W("W_in"), 0, dm, preActivation, i * dm);
  const hidden = preActivation.map((value) => Math.max(value, 0));
  for (let i = 0; i < POSITIONS; i++) addProduct(hidden, i * dm, dm, W("W_out"), 0, d, residualPost, i * d);
  return { q, k, v, attention, residualMid, preActivation, hidden, residualPost };
}

/** softmax(q kᵀ / √d_head) over the positions not after the query's: [heads, 3, 3]. */
function causalAttention(q: Float64Array, k: Float64Array, heads: number, dh: number): Float64Array {
  const attention = new Float64Array(heads * POSITIONS * POSITIONS);
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < POSITIONS; i++) {
      const scores: number[] = [];
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let e = 0; e < dh; e++) dot += q[(h * POSITIONS + i) * dh + e] * k[(h * POSITIONS + j) * dh + e];
        scores.push(dot / Math.sqrt(dh));
      }
      const max = Math.max(...scores);
      const exps = scores.map((score) => Math.exp(score - max));
      const sum = exps.reduce((total, e) => total + e, 0);
      for (let j = 0; j <= i; j++) attention[(h * POSITIONS + i) * POSITIONS + j] = exps[j] / sum;
    }
  }
  return attention;
}
