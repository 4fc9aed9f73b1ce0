import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Softmax } from "../../src/model/config.js";
import { rowLoss } from "../../src/model/losses.js";
import { relativeError } from "../../src/training/check.js";
import { log1p, pairLosses } from "../../src/training/tfjs/loss.js";

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});

/** Rows whose right answer (class 0) leads by so much; the last ones are wrong answers. */
const LEADS = [0, 0.5, 3, 15, 40, 80, -2, -30];
const rows = LEADS.map((lead) => Float64Array.from([lead, 0, 0.25, -0.5, -1.25]));

/** Loss of each row and its gradient, by TensorFlow.js. */
function lossAndGradient(softmax: Softmax) {
  const answers = tf.oneHot(tf.zeros([rows.length], "int32"), 5).toFloat();
  const logits = tf.tensor2d(rows.map((row) => [...row]));
  const { value, grad } = tf.valueAndGrad((x) => pairLosses(x, answers, softmax))(logits, tf.ones([rows.length]));
  return { losses: value.arraySync() as number[], gradient: grad.arraySync() as number[][] };
}

/** Gradient in float64: every component written so that nothing cancels. */
function reference(row: Float64Array): number[] {
  const exps = [...row].map((l) => Math.exp(l - Math.max(...row)));
  const others = exps.slice(1).reduce((sum, e) => sum + e, 0);
  return exps.map((e, j) => (j === 0 ? -others : e) / (others + exps[0]));
}

describe("exact cross-entropy", () => {
  it("keeps relative precision however sure the model is", () => {
    const { losses } = lossAndGradient("exact");
    for (const [i, row] of rows.entries()) {
      const expected = rowLoss(row, 0, 5, 0, "exact");
      expect(Math.abs(losses[i] / expected - 1), `lead ${LEADS[i]}`).toBeLessThan(1e-5);
    }
    expect(losses[5]).toBeGreaterThan(0);
    expect(losses[5]).toBeLessThan(1e-33);
  });

  it("keeps the gradient's relative precision too, and its sum zero", () => {
    const { gradient } = lossAndGradient("exact");
    for (const [i, row] of rows.entries()) {
      expect(relativeError(gradient[i], reference(row)), `lead ${LEADS[i]}`).toBeLessThan(1e-5);
    }
  });
});

describe("naive cross-entropy in float32", () => {
  it("is the plain log-softmax, with its floor at zero", () => {
    const { losses, gradient } = lossAndGradient("naive_float32");
    for (const [i, row] of rows.entries()) {
      expect(losses[i]).toBeCloseTo(rowLoss(Float32Array.from(row), 0, 5, 0, "naive_float32"), 6);
    }
    expect(losses[5]).toBeCloseTo(0, 12);
    expect(gradient[5][0]).toBe(0); // p − 1 has cancelled; the exact gradient is there
    expect(lossAndGradient("exact").gradient[5][0]).toBeLessThan(0);
  });
});

describe("log1p", () => {
  it("holds from 1e-38 to 1e9", () => {
    const xs = [0, 1e-38, 1e-20, 1e-7, 0.01, 0.3, 0.999, 1, 1.001, 7, 1e9];
    const found = log1p(tf.tensor1d(xs)).arraySync() as number[];
    for (const [i, x] of xs.entries()) {
      const expected = Math.log1p(Math.fround(x));
      expect(Math.abs(found[i] - expected), `x = ${x}`).toBeLessThanOrEqual(3e-7 * expected);
    }
  });
});
