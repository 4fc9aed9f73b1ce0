/**
 * The model in TensorFlow.js: a causal transformer without LayerNorm on the tokens [a, b, =], read at "=".
 *
 * The same computation as `src/model/forward.ts`, for all pairs at once; gradients come by autodiff. To try an
 * architecture of your own, change `forward` here and the list of tensors in `src/model/parameters.ts`.
 * Row-vector convention: x @ W. n: pairs, p: modulus.
 */
import * as tf from "@tensorflow/tfjs";
import type { ModelShape } from "../../model/config.js";
import { POSITIONS } from "../../model/forward.js";
import { product } from "./product.js";

/** Weights by name; names and shapes as in `parameterLayout`. */
export type Weights = Record<string, tf.Tensor>;

export type Activations = {
  /** [n, p] */
  logits: tf.Tensor;
  /** Per layer, attention of the "=" position: [n, heads, 3]. */
  attention: tf.Tensor[];
  /** Per layer, MLP after the ReLU at the "=" position: [n, d_mlp]. */
  hidden: tf.Tensor[];
};

/**
 * One-hot rows of the tokens a, b, = of each pair: [3n, p + 1]. The embedding is then a matrix product, whose
 * gradient every backend has; that of a gather is missing on wasm.
 *
 * @param pairs codes a·p + b
 */
export function oneHotTokens(pairs: Uint32Array, p: number): tf.Tensor {
  const tokens = Array.from(pairs, (code) => [Math.floor(code / p), code % p, p]).flat();
  return tf.tidy(() => tf.oneHot(tf.tensor1d(tokens, "int32"), p + 1).toFloat());
}

/**
 * Runs the model.
 *
 * @param tokens one-hot, [3n, p + 1]
 */
export function forward(shape: ModelShape, weights: Weights, tokens: tf.Tensor): Activations {
  const { d_model, layers } = shape;
  const n = tokens.shape[0] / POSITIONS;
  const attention: tf.Tensor[] = [];
  const hidden: tf.Tensor[] = [];
  const embedded = product(tokens, weights.W_E).reshape([n, POSITIONS, d_model]).add(weights.W_pos);
  let x = embedded.reshape([n * POSITIONS, d_model]); // the residual stream
  for (let layer = 0; layer < layers; layer++) {
    const W = (name: string) => weights[`blocks.${layer}.${name}`];
    const attended = attend(shape, W, x);
    const mid = x.add(attended.out); // [3n, d_model]
    const activations = product(mid, W("W_in")).add(W("b_in")).relu(); // [3n, d_mlp]
    x = mid.add(product(activations, W("W_out"))).add(W("b_out"));
    attention.push(attended.attention);
    hidden.push(atEquals(activations));
  }
  return { logits: product(atEquals(x), weights.W_U), attention, hidden };
}

/**
 * Causal multi-head attention, softmax(q kᵀ / √d_head) v, without biases.
 *
 * @param x residual stream, [3n, d_model]
 * @returns what it adds to the stream, [3n, d_model], and the attention of the "=" position, [n, heads, 3]
 */
function attend(shape: ModelShape, W: (name: string) => tf.Tensor, x: tf.Tensor) {
  const { d_model, heads, d_head } = shape;
  const n = x.shape[0] / POSITIONS;
  const project = (name: string): tf.Tensor => {
    const columns = W(name)
      .transpose([1, 0, 2])
      .reshape([d_model, heads * d_head]);
    const rows = product(x, columns).reshape([n, POSITIONS, heads, d_head]);
    return rows.transpose([0, 2, 1, 3]); // [n, heads, 3, d_head]
  };
  const [q, k, v] = ["W_Q", "W_K", "W_V"].map(project);
  const scores = q.matMul(k, false, true).div(Math.sqrt(d_head));
  const attention = scores.add(causalMask()).softmax(); // [n, heads, 3, 3]
  const mixed = attention.matMul(v).transpose([0, 2, 1, 3]); // [n, 3, heads, d_head]
  const rows = mixed.reshape([n * POSITIONS, heads * d_head]);
  const out = product(rows, W("W_O").reshape([heads * d_head, d_model]));
  const last = attention.slice([0, 0, POSITIONS - 1, 0], [n, heads, 1, POSITIONS]);
  return { out, attention: last.reshape([n, heads, POSITIONS]) };
}

/** Added to the scores [query, key]: 0 up to the query's own position; beyond it so low that exp gives 0. */
function causalMask(): tf.Tensor {
  const low = -1e9; // not −∞, which WGSL lets a GPU treat as it likes
  return tf.tensor2d([
    [0, low, low],
    [0, 0, low],
    [0, 0, 0],
  ]);
}

/** The rows of the "=" position: [3n, d] → [n, d]. */
function atEquals(rows: tf.Tensor): tf.Tensor {
  const [count, d] = rows.shape;
  const n = count / POSITIONS;
  return rows
    .reshape([n, POSITIONS, d])
    .slice([0, POSITIONS - 1, 0], [n, 1, d])
    .reshape([n, d]);
}
