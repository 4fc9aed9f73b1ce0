import { expect, it } from "vitest";
import { epochAt } from "../../src/components/epoch-pointer.js";

type Axis = Parameters<typeof epochAt>[0];

it("turns a place on the axis into an epoch", () => {
  const linear: Axis = { type: "linear", domain: [0, 40_000], range: [50, 850] };
  const log: Axis = { type: "log", domain: [10, 1000], range: [50, 850] };
  expect([50, 450, 850].map((x) => epochAt(linear, x))).toEqual([0, 20_000, 40_000]);
  expect([50, 450, 850].map((x) => epochAt(log, x))).toEqual([10, 100, 1000]);
});

it("forgives a few pixels at the ends, and knows places beside the axis", () => {
  const axis: Axis = { type: "linear", domain: [0, 100], range: [50, 850] };
  expect(epochAt(axis, 45)).toBe(0);
  expect(epochAt(axis, 20)).toBeNull();
  expect(epochAt(axis, 900)).toBeNull();
});
