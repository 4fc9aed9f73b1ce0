import { describe, expect, it } from "vitest";
import { fallenHalfway, risenHalfway } from "../../src/figures/training-dynamics/turning.js";

const curve = (...values: (number | null)[]) => values.map((value, i) => ({ epoch: 100 * i, value }));

describe("risenHalfway", () => {
  it("counts from the lowest point before the largest rise", () => {
    expect(risenHalfway(curve(5, 2, 1, 2, 4, 6, 7, 7))).toBe(400);
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

describe("fallenHalfway", () => {
  it("is where the curve is below half of its peak for good", () => {
    expect(fallenHalfway(curve(4, 10, 3, 8, 4, 1))).toBe(400);
  });

  it("is null for a curve that ends high", () => {
    expect(fallenHalfway(curve(1, 2, 3))).toBeNull();
    expect(fallenHalfway([])).toBeNull();
  });
});
