/**
 * Logits, attention and activations at "=" of all p² pairs, in plain TypeScript with float64 sums.
 *
 * One layer goes by tables (`factored-tables.ts`), exactly, not approximately. Deeper models run pair by pair through
 * `model/forward.ts`.
 */
import type { ModelShape } from "../model/config.js";
import { forward, POSITIONS } from "../model/forward.js";
import type { Inspection } from "../training/engine.js";
import { factoredTables, type Scores } from "./factored-tables.js";
import { neuronLogitMap } from "./spectra.js";

/**
 * Everything the model computes on the way to its logits, for all pairs in the order of their codes a·p + b.
 *
 * @param parameters flat weights in the order of `parameterLayout`
 */
export function inspectAllPairs(shape: ModelShape, parameters: Float32Array): Inspection {
  return shape.layers === 1 ? byTables(shape, parameters) : pairByPair(shape, parameters);
}

function byTables(shape: ModelShape, parameters: Float32Array): Inspection {
  const { modulus: p, heads, d_mlp } = shape;
  const { constant, first, second, scores, width } = factoredTables(shape, parameters, "all");
  const map = neuronLogitMap(shape, parameters);
  const logits = new Float32Array(p ** 3);
  const attention = new Float32Array(p * p * heads * POSITIONS);
  const hidden = new Float32Array(p * p * d_mlp);
  const row = new Float64Array(width);
  const out = new Float64Array(p);
  const weights = new Float64Array(heads * POSITIONS);
  const active = new Int32Array(d_mlp);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const code = a * p + b;
      attend(scores, a, b, heads, p, weights);
      attention.set(weights, code * heads * POSITIONS);
      row.set(constant);
      for (let h = 0; h < heads; h++) {
        const onFirst = weights[h * POSITIONS];
        const onSecond = weights[h * POSITIONS + 1];
        const rowA = (h * p + a) * width;
        const rowB = (h * p + b) * width;
        for (let j = 0; j < width; j++) row[j] += onFirst * first[rowA + j] + onSecond * second[rowB + j];
      }
      let count = 0;
      for (let i = 0; i < d_mlp; i++) {
        if (row[i] <= 0) continue;
        hidden[code * d_mlp + i] = row[i];
        active[count++] = i;
      }
      for (let c = 0; c < p; c++) out[c] = row[d_mlp + c];
      addActiveRows(row, active, count, map, p, out);
      logits.set(out, code * p);
    }
  }
  return { logits, attention: [attention], hidden: [hidden] };
}

/** out += Σ_{i active} row[i] · map[i], four rows at a time. */
function addActiveRows(
  row: Float64Array,
  active: Int32Array,
  count: number,
  map: Float64Array,
  p: number,
  out: Float64Array,
): void {
  const whole = count - (count % 4);
  for (let n = 0; n < whole; n += 4) {
    const [i0, i1, i2, i3] = [active[n], active[n + 1], active[n + 2], active[n + 3]];
    const [x0, x1, x2, x3] = [row[i0], row[i1], row[i2], row[i3]];
    const [m0, m1, m2, m3] = [i0 * p, i1 * p, i2 * p, i3 * p];
    for (let c = 0; c < p; c++) out[c] += x0 * map[m0 + c] + x1 * map[m1 + c] + x2 * map[m2 + c] + x3 * map[m3 + c];
  }
  for (let n = whole; n < count; n++) {
    const x = row[active[n]];
    for (let c = 0; c < p; c++) out[c] += x * map[active[n] * p + c];
  }
}

/** Softmax over the three positions per head, seen from "=": weights [heads, 3]. */
function attend(scores: Scores, a: number, b: number, heads: number, p: number, weights: Float64Array): void {
  for (let h = 0; h < heads; h++) {
    const s0 = scores.first[h * p + a];
    const s1 = scores.second[h * p + b];
    const s2 = scores.own[h];
    const max = Math.max(s0, s1, s2);
    const e0 = Math.exp(s0 - max);
    const e1 = Math.exp(s1 - max);
    const e2 = Math.exp(s2 - max);
    const sum = e0 + e1 + e2;
    weights[h * POSITIONS] = e0 / sum;
    weights[h * POSITIONS + 1] = e1 / sum;
    weights[h * POSITIONS + 2] = e2 / sum;
  }
}

function pairByPair(shape: ModelShape, parameters: Float32Array): Inspection {
  const { modulus: p, layers, heads, d_mlp } = shape;
  const logits = new Float32Array(p ** 3);
  const attention = Array.from({ length: layers }, () => new Float32Array(p * p * heads * POSITIONS));
  const hidden = Array.from({ length: layers }, () => new Float32Array(p * p * d_mlp));
  for (let code = 0; code < p * p; code++) {
    const trace = forward(shape, parameters, Math.floor(code / p), code % p);
    logits.set(trace.logits, code * p);
    for (let layer = 0; layer < layers; layer++) {
      const block = trace.blocks[layer];
      hidden[layer].set(block.hidden.subarray(2 * d_mlp), code * d_mlp);
      for (let h = 0; h < heads; h++) {
        const query = (h * POSITIONS + 2) * POSITIONS;
        attention[layer].set(block.attention.subarray(query, query + POSITIONS), (code * heads + h) * POSITIONS);
      }
    }
  }
  return { logits, attention, hidden };
}
