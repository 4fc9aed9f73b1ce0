import { describe, expect, it } from "vitest";
import { fallenBelow, risenHalfway } from "../../src/figures/training-dynamics/turning.js";

const curve = (...values: (number | null)[]) => values.map((value, i) => ({ epoch: 100 * i, value }));

describe("risenHalfway", () => {
  it("counts from the lowest point before the largest rise", () => {
    expect(risenHalfway(curve(5, 2, 1, 2, 3, 9, 9, 7))).toBe(400);
  });

  it("ignores a dip after the rise, and gaps", () => {
    expect(risenHalfway(curve(5, 1, null, 3, 4, 0.5))).toBe(300);
  });

  it("is null for a curve that only falls, or hardly rises", () => {
    expect(risenHalfway(curve(5, 4, 3, 2))).toBeNull();
    expect(risenHalfway(curve(5, 4, 3, 3.5))).toBeNull();
    expect(risenHalfway(curve(null, null))).toBeNull();
    expect(risenHalfway([])).toBeNull();
  });
});

describe("fallenBelow", () => {
  it("is where the curve is below the level for good", () => {
    expect(fallenBelow(curve(4, 10, 3, 8, 4, 1), 5)).toBe(400);
  });

  it("is null for a curve that ends above it, or was never there", () => {
    expect(fallenBelow(curve(1, 2, 3), 2)).toBeNull();
    expect(fallenBelow(curve(1, 2, 3), 5)).toBeNull();
    expect(fallenBelow([], 5)).toBeNull();
  });
});
