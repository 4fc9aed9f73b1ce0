import { describe, expect, it } from "vitest";
import { additiveCharacters } from "../../src/analysis/characters.js";
import { circularity, frequencyPlane, tokensIn } from "../../src/analysis/embedding-circles.js";
import { product, transpose } from "../../src/analysis/matrix.js";
import { coordinatesIn, principalBasis, varianceShares } from "../../src/analysis/principal-components.js";
import { tensor } from "../../src/model/parameters.js";
import { circleModel, noise, wave } from "./synthetic.js";

describe.each([
  [30, 4],
  [6, 40],
])("principal components of %i rows of %i numbers", (m, n) => {
  const spread = noise(1, m * n).map((value, i) => value * (1 + (i % n === 2 ? 9 : 0)) + 3);
  const basis = principalBasis(spread, m, n, 3);

  it("are orthonormal, by descending variance, with a settled sign", () => {
    const gram = product(basis.components, transpose(basis.components, 3, n), 3, n, 3);
    gram.forEach((value, i) => {
      expect(value).toBeCloseTo(i % 4 === 0 ? 1 : 0, 8);
    });
    expect([...basis.variances].sort((x, y) => y - x)).toEqual([...basis.variances]);
    expect(Math.max(...basis.components.subarray(0, n))).toBeGreaterThan(-Math.min(...basis.components.subarray(0, n)));
    expect(basis.components[2]).toBeGreaterThan(0.8);
  });

  it("hold the variance that they say", () => {
    const scores = coordinatesIn(basis, spread, m);
    basis.variances.forEach((variance, c) => {
      let square = 0;
      for (let i = 0; i < m; i++) square += scores[i * 3 + c] ** 2 / m;
      expect(square).toBeCloseTo(variance, 8);
      expect(varianceShares(basis, spread, m)[c]).toBeCloseTo(variance / basis.total, 8);
    });
  });
});

describe("embedding circles", () => {
  const { config, layout, random, trained } = circleModel([5, 11]);
  const { modulus: p, d_model: d } = config;
  const tokens = additiveCharacters(p);
  const W_E = (weights: Float32Array) => tensor(layout, weights, "W_E").subarray(0, p * d);

  it("are there in a model of few frequencies: circularity tells it from a random one", () => {
    // Two circles of one size share their principal components; of different sizes each has its own.
    const circles = W_E(trained).map((value, i) => value * (i % d < 2 ? 2 : 1));
    expect(circularity(circles, tokens, d)).toBeGreaterThan(0.9);
    expect(circularity(W_E(trained), tokens, d)).toBeGreaterThan(0.5);
    expect(circularity(W_E(random), tokens, d)).toBeLessThan(0.3);
  });

  it("are drawn at the angle of the token", () => {
    const plane = frequencyPlane(W_E(trained), p, d, 5);
    const places = tokensIn(plane, W_E(trained), p);
    for (let t = 0; t < p; t++) {
      const angle = Math.atan2(places[2 * t + 1], places[2 * t]);
      const off = angle - wave(5, p) * t;
      expect(Math.cos(off)).toBeGreaterThan(0.9);
      expect(Math.hypot(places[2 * t], places[2 * t + 1])).toBeGreaterThan(0.7);
    }
  });
});
