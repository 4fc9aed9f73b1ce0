// AdamW (Loshchilov & Hutter 2019) with decay decoupled from the gradient, on all weights.
import * as at from "./layout";
import { barrier, claim } from "./sync";

/** Bytes of weights per task. */
const PART: usize = 65536;

/** Float32 scalars of one step, at the start of the request: 1 − lr·wd, lr/(1 − β1^t), β1, 1 − β1, β2, 1 − β2, √(1 − β2^t), ε. */
// @ts-ignore: decorator
@inline
function scalar(index: usize): v128 {
  return v128.load_splat<f32>(at.request + (index << 2));
}

function update(first: usize, last: usize): void {
  const keep = scalar(0);
  const rate = scalar(1);
  const beta1 = scalar(2);
  const fresh1 = scalar(3);
  const beta2 = scalar(4);
  const fresh2 = scalar(5);
  const correction = scalar(6);
  const epsilon = scalar(7);
  for (let w = first; w < last; w += 16) {
    const g = v128.load(w + at.toGradient);
    const m = f32x4.add(f32x4.mul(beta1, v128.load(w + at.toMoment1)), f32x4.mul(fresh1, g));
    const v = f32x4.add(f32x4.mul(beta2, v128.load(w + at.toMoment2)), f32x4.mul(fresh2, f32x4.mul(g, g)));
    v128.store(w + at.toMoment1, m);
    v128.store(w + at.toMoment2, v);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v), correction), epsilon);
    const step = f32x4.mul(rate, f32x4.div(m, denominator));
    v128.store(w, f32x4.sub(f32x4.mul(keep, v128.load(w)), step));
  }
}

/** Phase 8: one optimizer step from the gradient beside the weights. */
export function adamw(): void {
  const tasks = <i32>((at.weightBytes + PART - 1) / PART);
  for (let task = claim(8); task < tasks; task = claim(8)) {
    const first = <usize>task * PART;
    update(at.W_E + first, at.W_E + min(first + PART, at.weightBytes));
  }
  barrier(8);
}
