/** Figure 19: the logit of the right answer as a surface over all pairs, and how it varies with a + b and a − b. */
import { correctLogitSpread, correctLogits, gradientSymmetricity } from "../../analysis/clock-pizza.js";
import { foldedNorms, transformRows } from "../../analysis/fourier.js";
import { type ModelView, once } from "../../analysis/model-view.js";
import { mapGrid } from "../operation-grid.js";
import { answersOf } from "./pair-losses.js";

/** Mean of the surface over the pairs of equal sum, or of equal difference, of the coordinates. */
export interface Profile {
  /** [size] */
  means: Float64Array;
  /** Variance of these means, as a share of the surface's: what the line alone accounts for. */
  share: number;
  /** Frequency that holds most of their variance, and its share; 0 for a flat profile. */
  frequency: number;
  frequencyShare: number;
}

export interface CorrectLogitSurfaceData {
  modulus: number;
  /** Size of the grid on which the operation adds, the names of its coordinates, and the pair at each index. */
  size: number;
  axes: readonly [string, string];
  codes: Int32Array;
  keyFrequencies: readonly number[];
  ranked: readonly number[];
  /** Over the grid, row of the first coordinate: [size, size]. */
  values: Float32Array;
  mean: number;
  /** Standard deviation over all pairs of the grid. */
  deviation: number;
  bySum: Profile;
  byDifference: Profile;
  /** Mean over differences of the spread at equal difference, over the whole spread; null for a constant surface. */
  distanceIrrelevance: number | null;
  /** Mean cosine between the gradients of a logit by the two embeddings; null where they vanish. */
  gradientSymmetricity: number | null;
}

export function deriveCorrectLogitSurface(view: ModelView): CorrectLogitSurfaceData {
  const grid = mapGrid(view);
  return once(view, "surface of the right answer's logit", () => {
    const correct = correctLogits(view.logits, answersOf(view), view.config.modulus);
    const n = grid.size;
    const values = Float32Array.from(grid.codes, (code) => correct[code]);
    const { mean, deviation } = moments(values);
    const profile = (line: (x: number, y: number) => number) => profileOf(values, n, line, deviation);
    return {
      modulus: view.config.modulus,
      size: n,
      axes: grid.axes,
      codes: grid.codes,
      keyFrequencies: view.keyFrequencies ?? [],
      ranked: view.rankedFrequencies,
      values,
      mean,
      deviation,
      bySum: profile((x, y) => (x + y) % n),
      byDifference: profile((x, y) => (x - y + n) % n),
      distanceIrrelevance: correctLogitSpread(correct, grid).alongSum,
      gradientSymmetricity: gradientSymmetricity(view.config, view.parameters),
    };
  });
}

function profileOf(
  values: Float32Array,
  n: number,
  line: (x: number, y: number) => number,
  deviation: number,
): Profile {
  const means = new Float64Array(n);
  for (let x = 0; x < n; x++) for (let y = 0; y < n; y++) means[line(x, y)] += values[x * n + y] / n;
  const spread = moments(means).deviation;
  const energies = foldedNorms(transformRows(means, n, 1), n, 1).map((norm) => norm * norm);
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const strongest = energies.reduce((best, energy, i) => (energy > energies[best] ? i : best), 0);
  return {
    means,
    share: deviation > 0 ? (spread / deviation) ** 2 : 0,
    frequency: total > 0 ? strongest + 1 : 0,
    frequencyShare: total > 0 ? energies[strongest] / total : 0,
  };
}

function moments(values: Float32Array | Float64Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
