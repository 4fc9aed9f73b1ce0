/** AdamW (Loshchilov & Hutter 2019) in PyTorch's order, with a linear warm-up, on every parameter. */
import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "../../model/config.js";

export type AdamWConfig = Pick<
  RunConfig,
  "learning_rate" | "weight_decay" | "beta1" | "beta2" | "epsilon" | "warmup_steps"
>;

/** One tensor and what AdamW remembers of it; all of one shape. */
export type Slot = {
  weight: tf.Tensor;
  /** Running mean of the gradient. */
  moment1: tf.Tensor;
  /** Running mean of the squared gradient. */
  moment2: tf.Tensor;
};

/** Learning rate of the step taken at `epoch`: lr · min(epoch / warm-up, 1), so that step 0 of a warm-up moves nothing. */
export function learningRate(config: AdamWConfig, epoch: number): number {
  return config.learning_rate * (config.warmup_steps > 0 ? Math.min(epoch / config.warmup_steps, 1) : 1);
}

/**
 * One step of one tensor: w ← (1 − lr·λ) w, then w ← w − lr/(1 − β₁^t) · m / (√v / √(1 − β₂^t) + ε).
 *
 * @param epoch steps taken before this one; t = epoch + 1
 */
export function adamWStep(config: AdamWConfig, epoch: number, slot: Slot, gradient: tf.Tensor): Slot {
  const { weight_decay, beta1, beta2, epsilon } = config;
  const rate = learningRate(config, epoch);
  const t = epoch + 1;
  return tf.tidy(() => {
    const moment1 = slot.moment1.mul(beta1).add(gradient.mul(1 - beta1));
    const moment2 = slot.moment2.mul(beta2).add(gradient.square().mul(1 - beta2));
    const denominator = moment2
      .sqrt()
      .div(Math.sqrt(1 - beta2 ** t))
      .add(epsilon);
    const decayed = slot.weight.mul(1 - rate * weight_decay);
    const weight = decayed.sub(moment1.div(denominator).mul(rate / (1 - beta1 ** t)));
    return { weight, moment1, moment2 };
  });
}
