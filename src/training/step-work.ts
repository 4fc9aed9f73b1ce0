/** How much arithmetic one optimizer step is: the matrix products of the factored step, whoever computes it. */
import { type RunConfig, trainPairCount } from "../model/config.js";

/** Multiply-adds of one step in factored form: the forward pass three times, for each product has two in the backward. */
export const stepMultiplyAdds = (config: RunConfig): number =>
  3 * (config.layers === 1 ? oneLayerForward(config) : deepForward(config));

/** Tables per token of W_O W_in and W_U, and their meeting per pair (`training/wasm/assembly`). */
function oneLayerForward({ modulus: p, train_fraction, d_model: d, heads, d_head, d_mlp }: RunConfig): number {
  const pairs = trainPairCount(p, train_fraction);
  const columns = d_mlp + p;
  const logits = pairs * d_mlp * p;
  const meeting = pairs * 2 * heads * columns;
  const values = 2 * p * d * heads * d_head;
  const tables = 2 * heads * p * d_head * columns + heads * d_head * d * columns + d_mlp * d * p + values;
  return logits + meeting + tables;
}

/** The rows that differ (`training/wasm/assembly/deep`): p at position 0, one a pair at positions 1 and 2. */
function deepForward({ modulus: p, train_fraction, layers, d_model: d, heads, d_head, d_mlp }: RunConfig): number {
  const pairs = trainPairCount(p, train_fraction);
  const width = heads * d_head;
  const columns = d_mlp + d;
  const tokens = 2 * p + 1;
  const projection = d * width;
  const half = d * d_mlp;
  const tables = tokens * (3 * projection + half) + width * half + 2 * p * width * columns;
  // Two positions meet two tables each; of the MLP only its second half is left.
  const firstLayer = 2 * 2 * heads * columns + 2 * half;
  // A query at position 1 sees two keys, one at "=" three; scores and mixed values.
  const middleLayer = 2 * (4 * projection + 2 * half) + (2 + 3) * 2 * width;
  const lastLayer = (1 + 2 * 2 + 1) * projection + 2 * half + 3 * 2 * width;
  const perPair = firstLayer + (layers - 2) * middleLayer + lastLayer + d * p;
  const perFirst = half + (layers - 2) * (3 * projection + 2 * half) + 2 * projection;
  return tables + pairs * perPair + p * perFirst;
}
