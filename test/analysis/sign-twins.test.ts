import { expect, it } from "vitest";
import { shareWithTwin, twinsOf } from "../../src/analysis/sign-twins.js";
import { type Operation, parseConfig } from "../../src/model/config.js";
import { mirrorSplit, splitPairs } from "../../src/model/dataset.js";

it.each<[Operation, number]>([
  ["add", 1], // (b, a)
  ["subtract", 1], // (−b, −a)
  ["multiply", 3], // (b, a), (−a, −b), (−b, −a)
  ["squares", 7], // all
  ["cubic", 0],
])("of %s there are %i changes of sign and order that leave all answers alone", (operation, count) => {
  expect(twinsOf({ operation, modulus: 113 })).toHaveLength(count);
});

it("for addition counts the mirror pairs of the split", () => {
  const config = parseConfig({});
  const split = splitPairs(config);
  const { seen } = mirrorSplit(config, split)!;
  expect(shareWithTwin(config, split) * split.test.length).toBeCloseTo(seen.length, 6);
});

it("is as large as chance has it: 1 − 0.7 to the number of twins", () => {
  const share = (operation: Operation) => {
    const config = parseConfig({ operation });
    return shareWithTwin(config, splitPairs(config));
  };
  expect(share("multiply")).toBeCloseTo(1 - 0.7 ** 3, 1);
  expect(share("squares")).toBeCloseTo(1 - 0.7 ** 7, 1);
  expect(share("cubic")).toBe(0);
});
