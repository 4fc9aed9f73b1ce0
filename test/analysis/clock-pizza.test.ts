import { describe, expect, it } from "vitest";
import {
  clockLogit,
  correctLogitSpread,
  correctLogits,
  distanceIrrelevance,
  gradientSymmetricity,
  pizzaLogit,
  randomTriples,
  symmetricity,
} from "../../src/analysis/clock-pizza.js";
import { inputGradient } from "../../src/analysis/input-gradients.js";
import { pairGrid, plainGrid } from "../../src/analysis/pair-grid.js";
import { parseConfig } from "../../src/model/config.js";
import { labels } from "../../src/model/dataset.js";
import { forward } from "../../src/model/forward.js";
import { initialParameters } from "../../src/model/initialise.js";
import { parameterLayout, tensor } from "../../src/model/parameters.js";
import { logitsOf, noise, wave } from "./synthetic.js";

const p = 59;
const w = wave(7, p);
const right = labels({ operation: "add", modulus: p });
const correct = (formula: typeof clockLogit) =>
  correctLogits(
    logitsOf(p, (a, b, c) => formula(w, a, b, c)),
    right,
    p,
  );

describe("distance irrelevance", () => {
  it("is 0 for a pizza, undefined for a clock, about 1 for a clock with noise", () => {
    expect(distanceIrrelevance(correct(pizzaLogit), plainGrid(p))).toBeLessThan(1e-6);
    expect(distanceIrrelevance(correct(clockLogit), plainGrid(p))).toBeNull();
    const errors = noise(1, p * p);
    const noisy = correct(clockLogit).map((value, i) => value + 0.01 * errors[i]);
    expect(distanceIrrelevance(noisy, plainGrid(p))).toBeGreaterThan(0.95);
  });

  it("has its counterpart along the difference", () => {
    const spread = correctLogitSpread(correct(pizzaLogit), plainGrid(p));
    expect(spread.alongDifference).toBeCloseTo(1, 6);
    const bySum = Float64Array.from({ length: p * p }, (_, code) => Math.cos(w * (Math.floor(code / p) + code)));
    const other = correctLogitSpread(bySum, plainGrid(p));
    expect(other.alongSum).toBeCloseTo(1, 6);
    expect(other.alongDifference).toBeLessThan(1e-6);
  });

  it("is taken in the coordinates of the operation, even where they are even in number", () => {
    const grid = pairGrid("multiply", p);
    const values = new Float64Array(p * p);
    grid.codes.forEach((code, at) => {
      values[code] = Math.cos(wave(4, p - 1) * (Math.floor(at / grid.size) - (at % grid.size)));
    });
    expect(distanceIrrelevance(values, grid)).toBeLessThan(1e-6);
  });
});

describe("gradient symmetricity through embeddings on the unit circle", () => {
  /** Gradients of a function of (E_a, E_b) by central differences. */
  const gradients =
    (value: (Ea: number[], Eb: number[], c: number) => number) =>
    (a: number, b: number, c: number): [Float64Array, Float64Array] => {
      const points = [a, b].map((t) => [Math.cos(w * t), Math.sin(w * t)]);
      const slope = (which: number, axis: number) => {
        const moved = (step: number) => {
          const copy = points.map((point) => [...point]);
          copy[which][axis] += step;
          return value(copy[0], copy[1], c);
        };
        return (moved(1e-6) - moved(-1e-6)) / 2e-6;
      };
      return [0, 1].map((which) => Float64Array.from([slope(which, 0), slope(which, 1)])) as [
        Float64Array,
        Float64Array,
      ];
    };
  const triples = randomTriples(p, 100, 3);

  it("is 1 for a pizza, which sees the sum of the embeddings", () => {
    const pizza = (Ea: number[], Eb: number[], c: number) => {
      const [x, y] = [Ea[0] + Eb[0], Ea[1] + Eb[1]];
      const [u, v] = [Math.cos((w * c) / 2), Math.sin((w * c) / 2)];
      return Math.abs(x * u + y * v) - Math.abs(x * v - y * u);
    };
    const at = (t: number) => [Math.cos(w * t), Math.sin(w * t)];
    for (const [a, b, c] of triples) expect(pizza(at(a), at(b), c)).toBeCloseTo(pizzaLogit(w, a, b, c), 10);
    expect(symmetricity(triples, gradients(pizza))).toBeCloseTo(1, 6);
  });

  it("is about 0 for a clock, which multiplies them", () => {
    const clock = ([x, y]: number[], [u, v]: number[], c: number) =>
      (x * u - y * v) * Math.cos(w * c) + (x * v + y * u) * Math.sin(w * c);
    const value = symmetricity(triples, gradients(clock))!;
    expect(Math.abs(value)).toBeLessThan(0.25);
  });

  it("leaves out vanishing gradients, and is undefined where all vanish", () => {
    const zero = Float64Array.of(0, 0);
    expect(symmetricity(triples, () => [zero, zero])).toBeNull();
  });
});

describe.each([1, 2])("gradients of a model of %i layers", (layers) => {
  const shape = parseConfig({ modulus: 5, layers, d_model: 8, heads: 2, d_mlp: 12, train_fraction: 0.5 });
  const weights = Float32Array.from(noise(2, parameterLayout(shape).size), (value) => value / 2);

  it("agree with central differences", () => {
    const [a, b, c] = [1, 3, 2];
    const gradient = inputGradient(shape, weights, a, b, c);
    const layout = parameterLayout(shape);
    // What enters at position 0 is W_E[a] + W_pos[0]: a change of W_pos is a change of the input.
    for (let i = 0; i < 3 * shape.d_model; i++) {
      const logit = (step: number) => {
        const moved = Float64Array.from(weights);
        tensor(layout, moved, "W_pos")[i] += step;
        return forward(shape, moved, a, b).logits[c];
      };
      expect(gradient[i]).toBeCloseTo((logit(1e-5) - logit(-1e-5)) / 2e-5, 5);
    }
  });

  it("have a symmetricity between −1 and 1, the same each time", () => {
    const random = initialParameters(shape);
    const value = gradientSymmetricity(shape, random)!;
    expect(Math.abs(value)).toBeLessThanOrEqual(1);
    expect(gradientSymmetricity(shape, random)).toBe(value);
  });
});
