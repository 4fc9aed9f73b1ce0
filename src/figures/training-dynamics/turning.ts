/** When a curve has gone half of its way. Epochs are those of evaluations: no more precise than their spacing. */

type Point = { epoch: number; value: number | null };

const known = (curve: readonly Point[]) => curve.filter((d) => d.value !== null) as { epoch: number; value: number }[];

/**
 * First epoch at which a curve of positive values, having fallen to its lowest before its largest rise, is halfway up
 * again on a log axis: at the geometric mean of the two ends of that rise.
 *
 * @returns null for a curve that does not rise to at least twice its lowest value after it
 */
export function risenHalfway(curve: readonly Point[]): number | null {
  const points = known(curve).filter(({ value }) => value > 0);
  let lowest = 0;
  let best: { low: number; high: number; ratio: number } | null = null;
  for (let i = 1; i < points.length; i++) {
    if (points[i].value < points[lowest].value) lowest = i;
    const ratio = points[i].value / points[lowest].value;
    if (!best || ratio > best.ratio) best = { low: lowest, high: i, ratio };
  }
  if (!best || best.ratio < 2) return null;
  const half = points[best.low].value * Math.sqrt(best.ratio);
  const from = best.low;
  return points.find((d, i) => i > from && d.value >= half)?.epoch ?? null;
}

/**
 * First epoch from which on a curve stays below a level.
 *
 * @returns null for a curve that ends at or above it, or never was there
 */
export function fallenBelow(curve: readonly Point[], level: number): number | null {
  const points = known(curve);
  const above = points.findLastIndex(({ value }) => value >= level);
  return above < 0 ? null : (points[above + 1]?.epoch ?? null);
}
