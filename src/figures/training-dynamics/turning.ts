/** When a curve has gone half of its way. Epochs are those of evaluations: no more precise than their spacing. */

type Point = { epoch: number; value: number | null };

const known = (curve: readonly Point[]) => curve.filter((d) => d.value !== null) as { epoch: number; value: number }[];

/**
 * First epoch at which a curve, having fallen to its lowest value before its highest later one, is halfway up again.
 *
 * @returns null for a curve that does not rise to at least twice its lowest value after it
 */
export function risenHalfway(curve: readonly Point[]): number | null {
  const points = known(curve);
  let lowest = 0;
  let best: { low: number; high: number; rise: number } | null = null;
  for (let i = 1; i < points.length; i++) {
    if (points[i].value < points[lowest].value) lowest = i;
    const rise = points[i].value - points[lowest].value;
    if (!best || rise > best.rise) best = { low: lowest, high: i, rise };
  }
  if (!best || points[best.high].value < 2 * points[best.low].value) return null;
  const half = points[best.low].value + best.rise / 2;
  return points.find((d, i) => i > best.low && d.value >= half)?.epoch ?? null;
}

/**
 * First epoch from which on a curve stays below half of its highest value.
 *
 * @returns null for a curve that ends above it
 */
export function fallenHalfway(curve: readonly Point[]): number | null {
  const points = known(curve);
  const half = Math.max(...points.map(({ value }) => value)) / 2;
  const above = points.findLastIndex(({ value }) => value >= half);
  return points[above + 1]?.epoch ?? null;
}
