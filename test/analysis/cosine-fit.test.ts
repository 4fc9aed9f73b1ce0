import { describe, expect, it } from "vitest";
import { cosineFit } from "../../src/analysis/cosine-fit.js";
import { sumIndex, sumMeans } from "../../src/analysis/sum-directions.js";
import type { Operation } from "../../src/model/config.js";
import { mean, pairLosses } from "../../src/model/losses.js";
import { clockLogits, logitsOf, noise, wave } from "./synthetic.js";

const p = 23;
const fitted = (logits: Float32Array, keys: number[], operation: Operation = "add") =>
  cosineFit(logits, sumMeans(logits, sumIndex(operation, p), p), keys);

describe("the fit of the logits by cosines", () => {
  it("is exact for logits that are such a sum", () => {
    const logits = logitsOf(
      p,
      (a, b, c) => 3 * Math.cos(wave(2, p) * (a + b - c)) + 5 * Math.cos(wave(9, p) * (a + b - c)) + 7,
    );
    const { amplitudes, r2, loss } = fitted(logits, [2, 9]);
    expect(amplitudes[0]).toBeCloseTo(3, 5);
    expect(amplitudes[1]).toBeCloseTo(5, 5);
    expect(r2).toBeCloseTo(1, 6);
    const codes = Uint32Array.from({ length: p * p }, (_, code) => code);
    expect(loss).toBeCloseTo(mean(pairLosses(logits, codes, sumIndex("add", p).labels, p)), 5);
  });

  it("explains its share of a sum of two waves, and nothing of noise", () => {
    const logits = clockLogits(p, [2, 9]);
    expect(fitted(logits, [2]).r2).toBeCloseTo(0.5, 5);
    const random = fitted(Float32Array.from(noise(4, p ** 3)), [2, 9]);
    expect(random.r2).toBeLessThan(0.01);
    expect(random.loss).toBeCloseTo(Math.log(p), 1);
  });

  it("is the least-squares solution: no other amplitude does better", () => {
    const logits = Float32Array.from(clockLogits(p, [2], 1), (value, i) => value + Math.sin(i * i));
    const [amplitude] = fitted(logits, [2]).amplitudes;
    const error = (x: number) => {
      const model = clockLogits(p, [2], x);
      return logits.reduce((sum, value, i) => sum + (value - model[i]) ** 2, 0);
    };
    expect(error(amplitude)).toBeLessThan(error(amplitude + 0.01));
    expect(error(amplitude)).toBeLessThan(error(amplitude - 0.01));
  });

  it("works in the logarithm of products", () => {
    const { answers, positions } = sumIndex("multiply", p);
    const logits = logitsOf(p, (a, b, c) => {
      const [s, t] = [positions[a * p + b], answers.positions[c]];
      return s < 0 || t < 0 ? 3 : 4 * Math.cos(wave(5, p - 1) * (s - t));
    });
    const { amplitudes, r2 } = fitted(logits, [5], "multiply");
    expect(amplitudes[0]).toBeCloseTo(4, 5);
    expect(r2).toBeCloseTo(1, 5);
  });
});
