/** How much arithmetic one optimizer step is, by the formulas of the factored step (docs of the wasm engine). */
import { type RunConfig, trainPairCount } from "../model/config.js";

/**
 * Multiply-adds of one step in factored form; deeper models by the rows that differ, 2·layers − 1 per training pair.
 * The same number whoever computes it, so that engines can be compared.
 */
export function stepMultiplyAdds(config: RunConfig): number {
  const { modulus: p, train_fraction, layers, d_model: d, heads, d_head, d_mlp } = config;
  const pairs = trainPairCount(p, train_fraction);
  const width = d_mlp + p;
  if (layers === 1) {
    const answers = 3 * pairs * d_mlp * p; // logits, dW_L, dhidden
    const meeting = 3 * pairs * 2 * heads * width; // tables to pairs, pairs to tables, to the attention
    const values = 2 * p * d * heads * d_head;
    const tables = 2 * heads * p * d_head * width + heads * d_head * d * width + d_mlp * d * p + values;
    return answers + meeting + 3 * tables; // each product of the tables has two in the backward pass
  }
  const rows = (2 * layers - 1) * pairs;
  const mlp = 2 * d * d_mlp;
  const attention = 4 * d * heads * d_head;
  return 3 * (rows * (mlp + attention) + pairs * d * p);
}
