/** Where the tokens lie in W_E's own planes of one frequency, and how circular the embedding is. */
import { type Characters, gatherRows } from "./characters.js";
import { foldedNorms, rowsOf, transformRows } from "./fourier.js";
import { type Floats, sumOfSquares } from "./matrix.js";
import { coordinatesIn, principalBasis } from "./principal-components.js";

/** Components that Zhong et al. look at. */
const COMPONENTS = 4;

export interface Plane {
  /** Mean row of W_E: [d_model] */
  mean: Float64Array;
  /** Unit vectors along W_E's cos_k and sin_k components: [2, d_model] */
  components: Float64Array;
}

/**
 * The plane of one frequency in the space of embeddings. It is W_E's own, so that tokens seem to turn in it even at random
 * initialisation: there, in a blob without a hole.
 *
 * @param W_E rows of the tokens, in the order of their group: [n, d]
 * @param k 1 ≤ k < n/2
 */
export function frequencyPlane(W_E: Floats, n: number, d: number, k: number): Plane {
  const coefficients = transformRows(W_E, n, d);
  const components = new Float64Array(2 * d);
  rowsOf(k, n).forEach((row, i) => {
    const vector = coefficients.subarray(row * d, (row + 1) * d);
    const length = Math.sqrt(sumOfSquares(vector)) || 1;
    for (let j = 0; j < d; j++) components[i * d + j] = vector[j] / length;
  });
  return { mean: coefficients.slice(0, d).map((value) => value / Math.sqrt(n)), components };
}

/** Coordinates of the tokens in a plane, of this or another checkpoint: [n, 2]. */
export function tokensIn(plane: Plane, W_E: Floats, n: number): Float64Array {
  return coordinatesIn(plane, W_E, n);
}

/**
 * Circularity (Zhong et al. 2023): for each of the first four principal components of W_E, the largest share of its
 * spectrum that lies in one frequency; their mean. 1 for circles, .07–.09 at random initialisation of the main model.
 *
 * @param W_E rows of the tokens, in any order that `tokens` knows: [≥ p, d]
 */
export function circularity(W_E: Floats, tokens: Characters, d: number): number {
  const n = tokens.size;
  const rows = gatherRows(W_E, tokens, d);
  const basis = principalBasis(rows, n, d, COMPONENTS);
  const count = basis.variances.length;
  const scores = transformRows(coordinatesIn(basis, rows, n), n, count);
  let sum = 0;
  for (let c = 0; c < count; c++) {
    const one = Float64Array.from({ length: n }, (_, row) => scores[row * count + c]);
    const squares = foldedNorms(one, n, 1).map((norm) => norm * norm);
    const total = squares.reduce((all, square) => all + square, 0);
    sum += total > 0 ? Math.max(...squares) / total : 0;
  }
  return sum / count;
}
