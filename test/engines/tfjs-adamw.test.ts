import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";
import { relativeError } from "../../src/training/check.js";
import { adamWStep, learningRate, type Slot } from "../../src/training/tfjs/adamw.js";

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});

const config = {
  learning_rate: 0.01,
  weight_decay: 0.5,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-3,
  warmup_steps: 3,
};

describe("AdamW", () => {
  it("is that of PyTorch, written out in float64 for one weight after another", () => {
    const generator = new MersenneTwister([11]);
    const size = 6;
    const draw = () => Float64Array.from({ length: size }, () => generator.uniform() - 0.5);
    const w = draw();
    const m = new Float64Array(size);
    const v = new Float64Array(size);
    let slot: Slot = { weight: tf.tensor1d([...w]), moment1: tf.zeros([size]), moment2: tf.zeros([size]) };
    for (let step = 0; step < 20; step++) {
      const gradient = draw();
      slot = adamWStep(config, step, slot, tf.tensor1d([...gradient]));
      const rate = 0.01 * Math.min(step / 3, 1);
      for (let i = 0; i < size; i++) {
        w[i] *= 1 - rate * 0.5;
        m[i] = 0.9 * m[i] + 0.1 * gradient[i];
        v[i] = 0.98 * v[i] + 0.02 * gradient[i] ** 2;
        const denominator = Math.sqrt(v[i]) / Math.sqrt(1 - 0.98 ** (step + 1)) + 1e-3;
        w[i] -= (rate / (1 - 0.9 ** (step + 1))) * (m[i] / denominator);
      }
    }
    expect(relativeError(slot.weight.dataSync(), w)).toBeLessThan(1e-6);
    expect(relativeError(slot.moment1.dataSync(), m)).toBeLessThan(1e-6);
    expect(relativeError(slot.moment2.dataSync(), v)).toBeLessThan(1e-6);
  });

  it("warms up from a step that moves nothing; without warm-up it starts at once", () => {
    expect([0, 1, 2, 3, 4].map((epoch) => learningRate({ ...config, warmup_steps: 4 }, epoch))).toEqual([
      0, 0.0025, 0.005, 0.0075, 0.01,
    ]);
    expect(learningRate({ ...config, warmup_steps: 0 }, 0)).toBe(0.01);
  });
});
