/**
 * Cross-entropy of logits, in nats, two ways.
 *
 * `exact`: the paper needs float64 because p_correct − 1 cancels. Written as the sum of the others it does not:
 * with e_j = exp(l_j − max) and S = Σ_{j≠c} e_j, loss = log1p(S / e_c) where c is the largest logit, else
 * (max − l_c) + log(S + e_c). Float32 logits keep full relative precision down to 1e-38.
 *
 * `naive_float32`: log-softmax as usually written, every intermediate rounded to float32. It bottoms out at about
 * 1.2e-7 per pair and then at exactly 0; kept because the numerics sweep studies it.
 */
import type { Softmax } from "./config.js";

type Floats = Float32Array | Float64Array;

/** Cross-entropy of one row of p logits starting at `offset`, for the answer `correct`, in nats. */
export function rowLoss(
  logits: Floats,
  offset: number,
  p: number,
  correct: number,
  softmax: Softmax = "exact",
): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < p; j++) {
    const value = logits[offset + j];
    if (value > max) max = value;
    else if (Number.isNaN(value)) return Number.NaN;
  }
  return softmax === "exact" ? exact(logits, offset, p, correct, max) : naive(logits, offset, p, correct, max);
}

function exact(logits: Floats, offset: number, p: number, correct: number, max: number): number {
  let others = 0;
  for (let j = 0; j < p; j++) if (j !== correct) others += Math.exp(logits[offset + j] - max);
  const gap = max - logits[offset + correct];
  return gap === 0 ? Math.log1p(others) : gap + Math.log(others + Math.exp(-gap));
}

function naive(logits: Floats, offset: number, p: number, correct: number, max: number): number {
  const round = Math.fround;
  let sum = 0;
  for (let j = 0; j < p; j++) sum = round(sum + round(Math.exp(round(logits[offset + j] - max))));
  const logSoftmax = round(round(logits[offset + correct] - max) - round(Math.log(sum)));
  return -logSoftmax + 0; // + 0 turns −0 into 0
}

/**
 * Loss of each pair.
 *
 * @param logits [n, p], row i belonging to `pairs[i]`
 * @param pairs codes a·p + b
 * @param labels right answer by code: [p²]
 * @returns [n] nats
 */
export function pairLosses(
  logits: Floats,
  pairs: Uint32Array,
  labels: Uint16Array,
  p: number,
  softmax: Softmax = "exact",
): Float64Array {
  return Float64Array.from(pairs, (code, i) => rowLoss(logits, i * p, p, labels[code], softmax));
}

/** Mean of the values; NaN for none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Whether the right answer has the largest logit of the row (a tie with an earlier class counts against it). */
export function isCorrect(logits: Floats, offset: number, p: number, correct: number): boolean {
  const right = logits[offset + correct];
  for (let j = 0; j < p; j++) {
    const value = logits[offset + j];
    if (value > right || (value === right && j < correct) || Number.isNaN(value)) return false;
  }
  return true;
}
