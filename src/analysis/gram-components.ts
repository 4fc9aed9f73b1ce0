/**
 * Principal components of a few very long rows, such as all weights of some checkpoints, by way of their inner products:
 * the components themselves, as long as the rows, are never formed.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Floats } from "./matrix.js";

export interface GramBasis {
  /** Coordinates of the rows, about their mean: [rows, count]. */
  coordinates: Float64Array;
  /** Share of the rows' variance along each component: [count]. */
  shares: Float64Array;
  count: number;
  /** Coordinates of another row in the same basis: [count]. */
  place(row: Floats): Float64Array;
}

/**
 * Principal components of rows about their mean, by descending variance. The last row's coordinates are not negative, so
 * that signs are not left to chance.
 *
 * @param rows each [n], all of one length
 * @param count how many components, at most one less than there are rows
 */
export function gramBasis(rows: readonly Floats[], count: number): GramBasis {
  const m = rows.length;
  const most = Math.max(0, Math.min(count, m - 1));
  const inner = innerProducts(rows);
  const rowMeans = inner.map((products) => products.reduce((sum, value) => sum + value, 0) / m);
  const mean = rowMeans.reduce((sum, value) => sum + value, 0) / m;
  const centred = inner.map((products, i) => products.map((value, j) => value - rowMeans[i] - rowMeans[j] + mean));
  const total = centred.reduce((sum, products, i) => sum + products[i], 0);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(centred), {
    assumeSymmetric: true,
  });
  const order = Array.from(realEigenvalues, (_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const components = order.slice(0, most).map((at) => {
    const value = Math.max(0, realEigenvalues[at]);
    const sign = eigenvectorMatrix.get(m - 1, at) < 0 ? -1 : 1;
    return { value, vector: Array.from({ length: m }, (_, i) => sign * eigenvectorMatrix.get(i, at)) };
  });
  return {
    count: most,
    coordinates: Float64Array.from({ length: m * most }, (_, i) => {
      const { value, vector } = components[i % most];
      return vector[Math.floor(i / most)] * Math.sqrt(value);
    }),
    shares: Float64Array.from(components, ({ value }) => (total > 0 ? value / total : 0)),
    place(row) {
      const products = rows.map((other) => innerProduct(row, other));
      const own = products.reduce((sum, value) => sum + value, 0) / m;
      // (row − mean)·(row_i − mean)
      const about = products.map((value, i) => value - own - rowMeans[i] + mean);
      return Float64Array.from(components, ({ value, vector }) =>
        value > 0 ? about.reduce((sum, product, i) => sum + product * vector[i], 0) / Math.sqrt(value) : 0,
      );
    },
  };
}

function innerProducts(rows: readonly Floats[]): number[][] {
  const inner = rows.map(() => new Array<number>(rows.length).fill(0));
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= i; j++) {
      const product = innerProduct(rows[i], rows[j]);
      inner[i][j] = product;
      inner[j][i] = product;
    }
  }
  return inner;
}

/** Σ x y, in four sums, so that one addition need not wait for the other. */
function innerProduct(x: Floats, y: Floats): number {
  const whole = x.length - (x.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += x[i] * y[i];
    s1 += x[i + 1] * y[i + 1];
    s2 += x[i + 2] * y[i + 2];
    s3 += x[i + 3] * y[i + 3];
  }
  for (let i = whole; i < x.length; i++) s0 += x[i] * y[i];
  return s0 + s1 + s2 + s3;
}
