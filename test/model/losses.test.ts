import { describe, expect, it } from "vitest";
import { isCorrect, rowLoss } from "../../src/model/losses.js";

const margin = (gap: number, p = 113) => Float32Array.from({ length: p }, (_, j) => (j === 0 ? gap : 0));

describe("cross-entropy", () => {
  it("keeps a margin of 40 apart from zero", () => {
    expect(rowLoss(margin(40), 0, 113, 0) / Math.log1p(112 * Math.exp(-40))).toBeCloseTo(1, 12);
    expect(rowLoss(margin(40), 0, 113, 0)).toBeCloseTo(4.76e-16, 18);
    expect(rowLoss(margin(40), 0, 113, 0, "naive_float32")).toBe(0);
  });

  it("does not overflow where the answer is far behind", () => {
    expect(rowLoss(Float32Array.of(0, -120, -5), 0, 3, 1)).toBeCloseTo(120.0067, 4);
  });

  it("is log p for equal logits, either way", () => {
    expect(rowLoss(margin(0), 0, 113, 7)).toBeCloseTo(Math.log(113), 12);
    expect(rowLoss(margin(0), 0, 113, 7, "naive_float32")).toBeCloseTo(Math.log(113), 5);
  });

  it("passes NaN on, and never calls it correct", () => {
    const row = Float32Array.of(1, Number.NaN, 0);
    expect(rowLoss(row, 0, 3, 0)).toBeNaN();
    expect(isCorrect(row, 0, 3, 0)).toBe(false);
  });
});
