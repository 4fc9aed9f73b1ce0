/** The stored epoch nearest to another; the earlier of two that are equally near. @throws RangeError for none */
export function nearestEpoch(stored: readonly number[], epoch: number): number {
  if (!stored.length) throw new RangeError("no weights are stored");
  return stored.reduce((best, next) => (Math.abs(next - epoch) < Math.abs(best - epoch) ? next : best));
}
