import { expect, it } from "vitest";
import { spread } from "../../src/figures/line-labels.js";

it("keeps labels in the order of what they name, also of those that lie beyond the frame", () => {
  const [upper, lower, lowest] = spread([90, 101, 105], 14, 0, 95);
  expect([upper, lower, lowest]).toEqual([...[upper, lower, lowest]].sort((a, b) => a - b));
  const [below, above] = spread([108, 103], 14, 0, 95);
  expect(below).toBeGreaterThan(above);
});
