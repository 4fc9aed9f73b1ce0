/**
 * Attention from "=" to the first token as a wave (Nanda et al. 2023, section 4.2): A_h(a) ≈ ½ + α(cos w a − cos w b) +
 * β(sin w a − sin w b).
 *
 * The two differences are orthogonal to each other and to the constant, so α and β are projections; the constant is
 * left free and reported, ½ being what it is where "=" does not attend to itself.
 */
import { POSITIONS } from "../model/forward.js";
import { frequencyCount, rowsOf } from "./fourier.js";
import { lineCoefficients } from "./line-sums.js";
import type { PairGrid } from "./pair-grid.js";

export interface AttentionFit {
  head: number;
  /** The frequency that explains most; 0 where the attention never varies. */
  frequency: number;
  /** Share of the variance over the grid that it explains. */
  fve: number;
  /** Mean attention to the first token. */
  constant: number;
  alpha: number;
  beta: number;
  /** Share explained by each frequency; entry k − 1 belongs to k. */
  shares: Float64Array;
}

/** @param attention of one layer at "=": [p², heads, 3] */
export function attentionFits(attention: Float32Array, grid: PairGrid, heads: number): AttentionFit[] {
  const { size: n } = grid;
  const toFirst = Float32Array.from({ length: attention.length / POSITIONS }, (_, i) => attention[i * POSITIONS]);
  const { rows, columns, variance } = lineCoefficients(toFirst, grid, heads);
  return Array.from({ length: heads }, (_, head) => {
    const difference = (row: number) => (rows[row * heads + head] - columns[row * heads + head]) / Math.SQRT2;
    const shares = Float64Array.from({ length: frequencyCount(n) }, (_, i) => {
      const energy = rowsOf(i + 1, n).reduce((sum, row) => sum + difference(row) ** 2, 0);
      return variance[head] > 0 ? energy / variance[head] : 0;
    });
    const fve = Math.max(...shares);
    const frequency = fve > 0 ? shares.indexOf(fve) + 1 : 0;
    const [cosine, sine] = rowsOf(frequency || 1, n);
    // The unit vector is (cos wx − cos wy)/n, or over √2 n where k = n/2.
    const amplitude = (row: number | undefined) =>
      row === undefined || frequency === 0 ? 0 : difference(row) / (2 * frequency === n ? Math.SQRT2 * n : n);
    return {
      head,
      frequency,
      fve,
      constant: rows[head] / n,
      alpha: amplitude(cosine),
      beta: amplitude(sine),
      shares,
    };
  });
}

/** Mean of |attention to a − attention to b| over all pairs, per head. */
export function attentionGaps(attention: Float32Array, heads: number): Float64Array {
  const gaps = new Float64Array(heads);
  const pairs = attention.length / (heads * POSITIONS);
  for (let i = 0; i < pairs * heads; i++) {
    gaps[i % heads] += Math.abs(attention[i * POSITIONS] - attention[i * POSITIONS + 1]) / pairs;
  }
  return gaps;
}
