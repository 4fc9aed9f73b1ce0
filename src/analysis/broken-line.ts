/**
 * Continuous piecewise-linear regression: where a curve changes its slope, and how surely.
 *
 * y = β₀ + β₁x + Σ_i δ_i (x − τ_i)₊ by weighted least squares over all choices of the knots τ among the points
 * (Hinkley 1971; Muggeo 2003). The interval of a knot is by profile likelihood: the places where the best fit that
 * keeps the knot there has n·ln(RSS/RSS_min) ≤ 3.84, the 95 % point of χ² with one degree of freedom, out to the next
 * place tried on either side. Points on one curve are not independent, so n is the effective number n(1 − ρ)/(1 + ρ), ρ
 * the residuals' lag-1 correlation.
 */

export interface Knot {
  x: number;
  /** 95 % interval. */
  low: number;
  high: number;
}

export interface BrokenLine {
  knots: Knot[];
  /** Slope of each stretch, one more than knots. */
  slopes: number[];
  /** The fitted y at each x. */
  fitted: Float64Array;
  /** Weighted mean square of the residuals. */
  meanSquare: number;
}

const MOST_CANDIDATES = 60;
const CHI_SQUARED_95 = 3.841;

/**
 * Fits a broken line.
 *
 * @param x ascending, distinct
 * @param y one for each x
 * @param knots how many, 1 to 3
 * @returns null where there are fewer than 4 points for each stretch
 */
export function fitBrokenLine(x: readonly number[], y: readonly number[], knots: 1 | 2 | 3): BrokenLine | null {
  const n = x.length;
  if (n < 4 * (knots + 1)) return null;
  const weights = spacings(x);
  const candidates = candidateKnots(x);
  const gram = gramMatrix(x, y, weights, candidates);
  let best: { at: number[]; fit: Fit } | null = null;
  // profile[i][c]: the least residual of all fits whose knot i is candidate c.
  const profile = Array.from({ length: knots }, () =>
    new Float64Array(candidates.length).fill(Number.POSITIVE_INFINITY),
  );
  for (const at of ascendingChoices(candidates.length, knots)) {
    const fit = solveFit(gram, at);
    if (!fit) continue;
    for (let i = 0; i < knots; i++) profile[i][at[i]] = Math.min(profile[i][at[i]], fit.residual);
    if (!best || fit.residual < best.fit.residual) best = { at: [...at], fit };
  }
  if (!best) return null;
  const { at, fit } = best;
  const places = at.map((c) => candidates[c]);
  const [constant, slope, ...changes] = fit.coefficients;
  const fitted = Float64Array.from(x, (value) =>
    places.reduce((sum, place, i) => sum + changes[i] * Math.max(0, value - place), constant + slope * value),
  );
  const slopes = [slope];
  for (const change of changes) slopes.push(slopes[slopes.length - 1] + change);
  const effective = effectiveCount(
    y.map((value, i) => value - fitted[i]),
    weights,
  );
  // A perfect fit has no residual to compare with: then only ties are as good.
  const floor = Math.max(fit.residual, 1e-12 * gram.total);
  const limit = floor * Math.exp(CHI_SQUARED_95 / effective);
  const intervals = places.map((place, i) => {
    const within = candidates.flatMap((_, c) => (profile[i][c] <= limit ? [c] : []));
    const least = Math.min(at[i], ...within);
    const most = Math.max(at[i], ...within);
    // Between one candidate and the next the data cannot tell.
    return { x: place, low: candidates[least - 1] ?? x[0], high: candidates[most + 1] ?? x[n - 1] };
  });
  return { knots: intervals, slopes, fitted, meanSquare: fit.residual / sum(weights) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Half the distance between each point's neighbours: dense stretches must not outweigh the others. */
function spacings(x: readonly number[]): number[] {
  return x.map((_, i) => (x[Math.min(i + 1, x.length - 1)] - x[Math.max(i - 1, 0)]) / 2);
}

/** Inner points, thinned to a number that can be searched through. */
function candidateKnots(x: readonly number[]): number[] {
  const inner = x.slice(2, -2);
  const step = Math.max(1, inner.length / MOST_CANDIDATES);
  return Array.from({ length: Math.floor(inner.length / step) }, (_, i) => inner[Math.floor(i * step)]);
}

function* ascendingChoices(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = from; first < count; first++) {
    for (const rest of ascendingChoices(count, size - 1, first + 1)) yield [first, ...rest];
  }
}

/** Weighted inner products of 1, x, every hinge (x − τ)₊, and y. */
interface Gram {
  /** [columns, columns], the columns being 1, x and the hinges */
  products: Float64Array[];
  /** [columns], with y */
  target: Float64Array;
  /** Σ w y² */
  total: number;
}

function gramMatrix(x: readonly number[], y: readonly number[], weights: number[], candidates: number[]): Gram {
  const columns = [x.map(() => 1), [...x], ...candidates.map((knot) => x.map((value) => Math.max(0, value - knot)))];
  const dot = (u: readonly number[], v: readonly number[]) => {
    let total = 0;
    for (let i = 0; i < u.length; i++) total += weights[i] * u[i] * v[i];
    return total;
  };
  return {
    products: columns.map((u) => Float64Array.from(columns, (v) => dot(u, v))),
    target: Float64Array.from(columns, (u) => dot(u, y)),
    total: dot(y, y),
  };
}

interface Fit {
  /** β₀, β₁, then δ of each knot */
  coefficients: number[];
  residual: number;
}

/** Least squares with the hinges of the chosen candidates, by elimination; null where they are dependent. */
function solveFit({ products, target, total }: Gram, at: readonly number[]): Fit | null {
  const columns = [0, 1, ...at.map((c) => c + 2)];
  const rows = columns.map((i) => [...columns.map((j) => products[i][j]), target[i]]);
  const size = columns.length;
  for (let pivot = 0; pivot < size; pivot++) {
    if (Math.abs(rows[pivot][pivot]) < 1e-12 * products[columns[pivot]][columns[pivot]]) return null;
    for (let row = pivot + 1; row < size; row++) {
      const factor = rows[row][pivot] / rows[pivot][pivot];
      for (let j = pivot; j <= size; j++) rows[row][j] -= factor * rows[pivot][j];
    }
  }
  const coefficients = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let value = rows[row][size];
    for (let j = row + 1; j < size; j++) value -= rows[row][j] * coefficients[j];
    coefficients[row] = value / rows[row][row];
  }
  const explained = coefficients.reduce((all, value, i) => all + value * target[columns[i]], 0);
  return { coefficients, residual: Math.max(0, total - explained) };
}

/** n(1 − ρ)/(1 + ρ), from the lag-1 correlation of the residuals; at least 2. */
function effectiveCount(residuals: readonly number[], weights: readonly number[]): number {
  const count = sum(weights) ** 2 / sum(weights.map((weight) => weight * weight));
  let lagged = 0;
  let square = 0;
  for (let i = 0; i < residuals.length; i++) {
    square += residuals[i] ** 2;
    if (i > 0) lagged += residuals[i] * residuals[i - 1];
  }
  const correlation = square > 0 ? Math.min(0.95, Math.max(0, lagged / square)) : 0;
  return Math.max(2, (count * (1 - correlation)) / (1 + correlation));
}
