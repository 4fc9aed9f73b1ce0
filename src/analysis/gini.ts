/**
 * Gini coefficient of non-negative values (Hurley & Rickard 2009): 0 where all are equal, 1 − 1/N where one has all.
 *
 * G = 1 − 2 Σ_i (x_(i)/‖x‖₁)(N − i + ½)/N with x ascending, i = 1 … N; 0 where all values are zero.
 */
export function gini(values: ArrayLike<number>): number {
  const x = Float64Array.from(values).sort();
  const n = x.length;
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    total += x[i];
    weighted += x[i] * (n - i - 0.5);
  }
  return total === 0 ? 0 : 1 - (2 * weighted) / (total * n);
}
