/**
 * Cross-entropy in TensorFlow.js, in nats, two ways; see `src/model/losses.ts` for the formulas and what they study.
 */
import * as tf from "@tensorflow/tfjs";
import type { Softmax } from "../../model/config.js";

/**
 * Loss of each pair.
 *
 * @param logits [n, p]
 * @param answers one-hot right answers, [n, p]
 * @returns [n]
 */
export function pairLosses(logits: tf.Tensor, answers: tf.Tensor, softmax: Softmax): tf.Tensor {
  return softmax === "exact" ? exact(logits, answers) : naive(logits, answers);
}

function naive(logits: tf.Tensor, answers: tf.Tensor): tf.Tensor {
  return tf.logSoftmax(logits).mul(answers).sum(1).neg();
}

/**
 * With e_j = exp(l_j − max) and S = Σ_{j≠c} e_j: dloss/dl_c = −S / (S + e_c), dloss/dl_j = e_j / (S + e_c). Autodiff
 * of the loss would subtract p_c from 1, and what is left of a float32 is noise; so the gradient is given.
 */
function exact(logits: tf.Tensor, answers: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...inputs) => {
    const [x, save] = inputs as [tf.Tensor, (saved: tf.Tensor[]) => void];
    const max = x.max(1, true); // [n, 1]
    const gap = max.sub(x.mul(answers).sum(1, true)); // max − l_c, [n, 1]
    const e = x.sub(max).exp(); // [n, p]
    const others = e.mul(tf.sub(1, answers)); // e_j for j ≠ c, else 0
    const S = others.sum(1, true); // [n, 1]
    const total = S.add(e.mul(answers).sum(1, true)); // S + e_c, [n, 1]
    save([others, S, total]);
    const gradFunc = (dLoss: tf.Tensor, saved: tf.Tensor[]) => {
      const [others, S, total] = saved;
      return others.sub(S.mul(answers)).div(total).mul(dLoss.expandDims(1));
    };
    return { value: tf.where(gap.equal(0), log1p(S), gap.add(total.log())).squeeze([1]), gradFunc };
  });
  return withGradient(logits);
}

/**
 * log(1 + x) for x ≥ 0 without losing small x: 2 atanh(z), z = x / (2 + x), by its series where x < 1 (z² < 1/9; the
 * first term left out is below 1e-10). TensorFlow.js's own is log(1 + x) as written on its WebGPU backend.
 */
export function log1p(x: tf.Tensor): tf.Tensor {
  const z = x.div(x.add(2));
  const z2 = z.square();
  let series: tf.Tensor = tf.scalar(0);
  for (let n = 17; n >= 1; n -= 2) series = series.mul(z2).add(1 / n);
  return tf.where(x.less(1), series.mul(z).mul(2), x.add(1).log());
}
