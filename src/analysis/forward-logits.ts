/**
 * Logits, attention and activations at "=" of all p² pairs, in plain TypeScript with float64 sums.
 *
 * One layer goes by tables: before attention the residual stream depends on (token, position) alone, and what attention
 * adds is linear in the values, so everything up to the ReLU is Σ_h A_h0 T0_h[a] + A_h1 T1_h[b] plus a constant. Exact,
 * not an approximation. Deeper models run pair by pair through `model/forward.ts`.
 */
import type { ModelShape } from "../model/config.js";
import { forward, POSITIONS } from "../model/forward.js";
import { parameterLayout, tensor } from "../model/parameters.js";
import type { Inspection } from "../training/engine.js";
import { product } from "./matrix.js";

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
  const { constant, first, second, scores, map, width } = tables(shape, parameters);
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

interface Scores {
  /** [heads, p], query at "=" against a, and against b */
  first: Float64Array;
  second: Float64Array;
  /** [heads], against "=" itself */
  own: Float64Array;
}

/** What pre-activations and direct logits, side by side, are made of: width d_mlp + p. */
interface Tables {
  width: number;
  /** [width] */
  constant: Float64Array;
  /** [heads, p, width] */
  first: Float64Array;
  second: Float64Array;
  scores: Scores;
  /** W_out W_U: [d_mlp, p] */
  map: Float64Array;
}

function tables(shape: ModelShape, parameters: Float32Array): Tables {
  const { modulus: p, d_model: d, heads, d_head: dh, d_mlp } = shape;
  const width = d_mlp + p;
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
  const readers = sideBySide(block("W_in"), W("W_U"), d, d_mlp, p);
  const map = product(block("W_out"), W("W_U"), d_mlp, d, p);
  const constant = product(streams[2], readers, 1, d, width);
  const direct = product(block("b_out"), W("W_U"), 1, d, p);
  for (let i = 0; i < d_mlp; i++) constant[i] += block("b_in")[i];
  for (let c = 0; c < p; c++) constant[d_mlp + c] += direct[c];
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
  return { width, constant, first, second, scores, map };
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
