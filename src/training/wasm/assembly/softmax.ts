// Cross-entropy of one row of logits and its gradient in place, without float64 (or, for study, as usually written).
import { naive, pPad, p } from "./layout";
import { exp1, exp4, maxLanes, sumLanes } from "./simd";

/** Largest of the p logits at `row`; −∞ where one is not a number, so that the loss comes out as NaN. */
function largest(row: usize): f32 {
  let best = f32x4.splat(-Infinity);
  let j = 0;
  for (; j + 4 <= p; j += 4) best = f32x4.max(best, v128.load(row + ((<usize>j) << 2)));
  let top = maxLanes(best);
  for (; j < p; j++) top = max(top, load<f32>(row + ((<usize>j) << 2)));
  return top;
}

/** Replaces the logits by e^(l − max), padding by 0. */
function exponentials(row: usize, shift: f32): void {
  const by = f32x4.splat(shift);
  for (let j = 0; j < pPad; j += 4) {
    const at = row + ((<usize>j) << 2);
    v128.store(at, exp4(f32x4.sub(v128.load(at), by)));
  }
  for (let j = p; j < pPad; j++) store<f32>(row + ((<usize>j) << 2), 0);
}

function sum(row: usize): f32 {
  let total = f32x4.splat(0);
  for (let j = 0; j < pPad; j += 4) total = f32x4.add(total, v128.load(row + ((<usize>j) << 2)));
  return sumLanes(total);
}

function scale(row: usize, by: f32): void {
  const factor = f32x4.splat(by);
  for (let j = 0; j < pPad; j += 4) {
    const at = row + ((<usize>j) << 2);
    v128.store(at, f32x4.mul(v128.load(at), factor));
  }
}

/**
 * Loss in nats of the logits at `row` for the answer `correct`; the row becomes weight · dloss/dlogits.
 *
 * p_correct − 1 is written as minus the sum of the others, which keeps float32's full relative precision.
 */
export function crossEntropy(row: usize, correct: i32, weight: f32): f64 {
  const answer = row + ((<usize>correct) << 2);
  const top = largest(row);
  const gap = top - load<f32>(answer);
  if (naive) return naiveCrossEntropy(row, answer, top, weight);
  exponentials(row, top);
  const own: f32 = exp1(-gap);
  store<f32>(answer, 0);
  const others = sum(row);
  const total = others + own;
  scale(row, weight / total);
  store<f32>(answer, -weight * (others / total));
  if (gap == 0) return Math.log1p(<f64>others);
  return <f64>gap + Math.log(<f64>others + Math.exp(-(<f64>gap)));
}

/** log-softmax, then p − 1, with every intermediate rounded to float32. */
function naiveCrossEntropy(row: usize, answer: usize, top: f32, weight: f32): f64 {
  const shifted: f32 = load<f32>(answer) - top;
  exponentials(row, top);
  const logNormalizer: f32 = <f32>Math.log(<f64>sum(row));
  const logProbability: f32 = shifted - logNormalizer;
  scale(row, exp1(-logNormalizer));
  store<f32>(answer, exp1(min<f32>(logProbability, 0)) - 1);
  scale(row, weight);
  return <f64>-logProbability;
}
