import { describe, expect, it } from "vitest";
import { OPERATIONS, parseConfig } from "../../src/model/config.js";
import { labels, mirrorSplit, splitPairs } from "../../src/model/dataset.js";
import { initialParameters, normals } from "../../src/model/initialise.js";
import { MersenneTwister } from "../../src/model/mersenne-twister.js";
import { apply } from "../../src/model/operations.js";
import { parameterLayout, tensor } from "../../src/model/parameters.js";

describe("the paper's split", () => {
  const split = splitPairs(parseConfig({}));

  it("starts with the pairs that Python's shuffle puts first", () => {
    const first = [...split.train.slice(0, 5)].map((code) => [Math.floor(code / 113), code % 113]);
    expect(first).toEqual([[18, 34], [10, 83], [55, 28], [25, 51], [63, 65]]); // biome-ignore format: one pair each
  });

  it("parts all pairs into 3830 and 8939", () => {
    expect([split.train.length, split.test.length]).toEqual([3830, 8939]);
    expect(new Set([...split.train, ...split.test]).size).toBe(113 * 113);
  });

  it("finds 29.7 % of test pairs with their mirror image in training", () => {
    const mirrors = mirrorSplit(parseConfig({}), split)!;
    expect(mirrors.seen.length / split.test.length).toBeCloseTo(0.297, 3);
    expect(mirrors.seen.length + mirrors.unseen.length).toBe(split.test.length);
    expect(mirrorSplit(parseConfig({ operation: "subtract" }), split)).toBeNull();
  });
});

describe("operations", () => {
  it("give residues, never negative", () => {
    for (const operation of OPERATIONS) {
      const answers = labels({ operation, modulus: 7 });
      expect(answers.every((answer) => answer < 7)).toBe(true);
    }
    expect(apply("subtract", 2, 5, 7)).toBe(4);
    expect(apply("squares", 3, 4, 113)).toBe(25);
    expect(apply("cubic", 112, 112, 113)).toBe(0); // (−1)³ + (−1)(−1)
  });
});

describe("initialisation", () => {
  it("draws standard normal numbers", () => {
    const draws = normals(new MersenneTwister([3]), 200_000);
    const moments = [1, 2, 3, 4].map((k) => draws.reduce((sum, x) => sum + x ** k, 0) / draws.length);
    for (const [i, expected] of [0, 1, 0, 3].entries()) expect(Math.abs(moments[i] - expected)).toBeLessThan(0.05);
  });

  it("agrees with Math's logarithm and cosine to 1e-14", () => {
    const draws = normals(new MersenneTwister([5]), 2000);
    const generator = new MersenneTwister([5]);
    for (let i = 0; i < draws.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - generator.uniform()));
      const angle = 2 * Math.PI * generator.uniform();
      expect(Math.abs(draws[i] - radius * Math.cos(angle))).toBeLessThan(1e-14 * Math.max(1, radius));
      expect(Math.abs(draws[i + 1] - radius * Math.sin(angle))).toBeLessThan(1e-14 * Math.max(1, radius));
    }
  });

  it("scales weights by √d_model, W_U by √p, and zeroes biases", () => {
    const config = parseConfig({});
    const layout = parameterLayout(config);
    const values = initialParameters(config);
    const deviation = (name: string) => {
      const weights = tensor(layout, values, name);
      return Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length);
    };
    expect(deviation("W_E") * Math.sqrt(128)).toBeCloseTo(1, 1);
    expect(deviation("W_U") * Math.sqrt(113)).toBeCloseTo(1, 1);
    expect(deviation("blocks.0.b_in")).toBe(0);
    expect(initialParameters(parseConfig({ seed: 1 }))).not.toEqual(values);
    expect(initialParameters(config)).toEqual(values);
  });
});
