/**
 * Clock or pizza: two ways to add on a circle, and two numbers that tell them apart (Zhong et al. 2023, section 4).
 *
 * Clock: cos w(a + b − c). Pizza: 2|cos(w(a − b)/2)|·(|cos(w(a + b − c)/2)| − |sin(w(a + b − c)/2)|), which depends on
 * the embeddings through their sum alone, and is the weaker the nearer a and b are to opposite.
 */
import type { ModelShape } from "../model/config.js";
import { MersenneTwister } from "../model/mersenne-twister.js";
import { inputGradient } from "./input-gradients.js";
import type { PairGrid } from "./pair-grid.js";

/** Trained reference models of Zhong et al., as points on the figure. */
export const REFERENCE_MODELS = {
  pizza: { gradientSymmetricity: 0.9937, distanceIrrelevance: 0.1717 },
  clock: { gradientSymmetricity: 0.3336, distanceIrrelevance: 0.8483 },
} as const;

export function clockLogit(w: number, a: number, b: number, c: number): number {
  return Math.cos(w * (a + b - c));
}

export function pizzaLogit(w: number, a: number, b: number, c: number): number {
  const half = (w * (a + b - c)) / 2;
  return 2 * Math.abs(Math.cos((w * (a - b)) / 2)) * (Math.abs(Math.cos(half)) - Math.abs(Math.sin(half)));
}

export interface Spread {
  /** Σ-wise spread at equal difference, over the whole: mean_d[std_s L(s, d)] / std L. Distance irrelevance. */
  alongSum: number | null;
  /** Spread at equal sum, over the whole: mean_s[std_d L(s, d)] / std L. */
  alongDifference: number | null;
}

/**
 * How the correct logit varies along s = x + y and along d = x − y; null where it does not vary at all.
 *
 * @param correct logit of the right answer of each pair: [p²], by code
 */
export function correctLogitSpread(correct: Float32Array | Float64Array, grid: PairGrid): Spread {
  const n = grid.size;
  const at = (x: number, y: number) => correct[grid.codes[x * n + (((y % n) + n) % n)]];
  const all = deviation(Float64Array.from(grid.codes, (code) => correct[code]));
  const largest = grid.codes.reduce((max, code) => Math.max(max, Math.abs(correct[code])), 0);
  if (all <= 1e-6 * largest) return { alongSum: null, alongDifference: null };
  const along = (y: (x: number, line: number) => number) => {
    let sum = 0;
    for (let line = 0; line < n; line++)
      sum += deviation(Float64Array.from({ length: n }, (_, x) => at(x, y(x, line))));
    return sum / n / all;
  };
  return { alongSum: along((x, d) => x - d), alongDifference: along((x, s) => s - x) };
}

/** Distance irrelevance: near 1 for a clock with noise, small for a pizza, null for a constant. */
export function distanceIrrelevance(correct: Float32Array | Float64Array, grid: PairGrid): number | null {
  return correctLogitSpread(correct, grid).alongSum;
}

/** Logit of the right answer of each pair: [p²]. */
export function correctLogits(logits: Float32Array, labels: Uint16Array, p: number): Float32Array {
  return Float32Array.from(labels, (label, code) => logits[code * p + label]);
}

function deviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2 / values.length;
  return Math.sqrt(square);
}

/** Triples (a, b, c) drawn at random: [count, 3]. */
export function randomTriples(p: number, count: number, seed: number): [number, number, number][] {
  const generator = new MersenneTwister([seed]);
  return Array.from({ length: count }, () => [generator.below(p), generator.below(p), generator.below(p)]);
}

/**
 * Gradient symmetricity: mean over triples of the cosine of the angle between ∂Q_abc/∂E_a and ∂Q_abc/∂E_b. 1 where the
 * logits are a function of E_a + E_b. Triples with a vanishing gradient are left out; null where all are.
 *
 * @param gradients [∂Q/∂E_a, ∂Q/∂E_b] of a triple
 */
export function symmetricity(
  triples: readonly [number, number, number][],
  gradients: (a: number, b: number, c: number) => [Float64Array, Float64Array],
): number | null {
  let sum = 0;
  let count = 0;
  for (const [a, b, c] of triples) {
    const [u, v] = gradients(a, b, c);
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((total, value, i) => total + value * y[i], 0);
    const lengths = Math.sqrt(dot(u, u) * dot(v, v));
    if (lengths === 0) continue;
    sum += dot(u, v) / lengths;
    count++;
  }
  return count > 0 ? sum / count : null;
}

/** Gradient symmetricity of a model over 100 random triples. */
export function gradientSymmetricity(shape: ModelShape, parameters: Float32Array, seed = 0): number | null {
  const d = shape.d_model;
  return symmetricity(randomTriples(shape.modulus, 100, seed), (a, b, c) => {
    const gradient = inputGradient(shape, parameters, a, b, c);
    return [gradient.slice(0, d), gradient.slice(d, 2 * d)];
  });
}
