/**
 * Gradients of one logit with respect to what enters the first block: backpropagation through `model/forward.ts`, one
 * example at a time, any depth.
 */
import type { ModelShape } from "../model/config.js";
import { type BlockTrace, forward, POSITIONS } from "../model/forward.js";
import { parameterLayout, tensor } from "../model/parameters.js";

/**
 * ∂ logit_c / ∂ (token embedding + position) at each of the three positions, for the pair (a, b): [3, d_model]. Row 0
 * is ∂Q_abc/∂E_a, row 1 is ∂Q_abc/∂E_b.
 */
export function inputGradient(
  shape: ModelShape,
  parameters: Float32Array,
  a: number,
  b: number,
  c: number,
): Float64Array {
  const { modulus: p, d_model: d } = shape;
  const layout = parameterLayout(shape);
  const { blocks } = forward(shape, parameters, a, b);
  const W_U = tensor(layout, parameters, "W_U");
  let gradient: Float64Array = new Float64Array(POSITIONS * d);
  for (let j = 0; j < d; j++) gradient[2 * d + j] = W_U[j * p + c];
  for (let layer = shape.layers - 1; layer >= 0; layer--) {
    const W = (name: string) => tensor(layout, parameters, `blocks.${layer}.${name}`);
    gradient = throughAttention(shape, W, blocks[layer], throughMlp(shape, W, blocks[layer], gradient));
  }
  return gradient;
}

type Weights = (name: string) => Float32Array;

/** out[o + i] += Σ_j g[go + j] W[w + i·m + j]: one row through a matrix [n, m] backwards. */
function addBack(
  g: Float64Array,
  go: number,
  W: Float32Array,
  w: number,
  n: number,
  m: number,
  out: Float64Array,
  o: number,
): void {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += g[go + j] * W[w + i * m + j];
    out[o + i] += sum;
  }
}

/** Nothing flows back to the positions that the last block does not read from: most of the work. */
function isZero(values: Float64Array, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (values[i] !== 0) return false;
  return true;
}

function throughMlp(
  { d_model: d, d_mlp }: ModelShape,
  W: Weights,
  { preActivation }: BlockTrace,
  gradient: Float64Array,
): Float64Array {
  const out = gradient.slice();
  const hidden = new Float64Array(POSITIONS * d_mlp);
  for (let i = 0; i < POSITIONS; i++) {
    if (isZero(gradient, i * d, d)) continue;
    addBack(gradient, i * d, W("W_out"), 0, d_mlp, d, hidden, i * d_mlp);
    for (let j = i * d_mlp; j < (i + 1) * d_mlp; j++) if (preActivation[j] <= 0) hidden[j] = 0;
    addBack(hidden, i * d_mlp, W("W_in"), 0, d, d_mlp, out, i * d);
  }
  return out;
}

function throughAttention(
  { d_model: d, heads, d_head: dh }: ModelShape,
  W: Weights,
  { q, k, v, attention }: BlockTrace,
  gradient: Float64Array,
): Float64Array {
  const out = gradient.slice();
  const size = POSITIONS * dh;
  for (let h = 0; h < heads; h++) {
    const dz = new Float64Array(size);
    const dq = new Float64Array(size);
    const dk = new Float64Array(size);
    const dv = new Float64Array(size);
    for (let i = 0; i < POSITIONS; i++) {
      if (isZero(gradient, i * d, d)) continue;
      addBack(gradient, i * d, W("W_O"), h * dh * d, dh, d, dz, i * dh);
      const row = (h * POSITIONS + i) * POSITIONS;
      const dA = new Float64Array(POSITIONS);
      let mean = 0;
      for (let j = 0; j <= i; j++) {
        for (let e = 0; e < dh; e++) {
          dA[j] += dz[i * dh + e] * v[h * size + j * dh + e];
          dv[j * dh + e] += attention[row + j] * dz[i * dh + e];
        }
        mean += attention[row + j] * dA[j];
      }
      for (let j = 0; j <= i; j++) {
        const score = (attention[row + j] * (dA[j] - mean)) / Math.sqrt(dh);
        for (let e = 0; e < dh; e++) {
          dq[i * dh + e] += score * k[h * size + j * dh + e];
          dk[j * dh + e] += score * q[h * size + i * dh + e];
        }
      }
    }
    for (let i = 0; i < POSITIONS; i++) {
      if (!isZero(dq, i * dh, dh)) addBack(dq, i * dh, W("W_Q"), h * d * dh, d, dh, out, i * d);
      addBack(dk, i * dh, W("W_K"), h * d * dh, d, dh, out, i * d);
      addBack(dv, i * dh, W("W_V"), h * d * dh, d, dh, out, i * d);
    }
  }
  return out;
}
