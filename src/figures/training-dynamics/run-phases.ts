/** The phases of a stored run, from the columns of its tables. */
import { type Boundary, findPhases, type Phases } from "../../analysis/phases.js";
import type { MetricsRow, ProgressRow } from "../../training/run-record.js";
import { formatEpoch } from "../format.js";

/** Boundaries of the phases; all null where the tables are empty or have no key frequencies. */
export function phasesOfRun(
  metrics: readonly Pick<MetricsRow, "epoch" | "sum_squared_weights">[],
  progress: readonly Pick<ProgressRow, "epoch" | "excluded_train" | "restricted_test">[],
): Phases {
  const phases = findPhases(
    progress.map(({ epoch, excluded_train }) => ({ epoch, value: excluded_train })),
    progress.map(({ epoch, restricted_test }) => ({ epoch, value: restricted_test })),
    metrics.map(({ epoch, sum_squared_weights }) => ({ epoch, value: sum_squared_weights })),
  );
  return {
    memorization_ends: atLeastToNeighbours(phases.memorization_ends, progress),
    circuit_formation_ends: atLeastToNeighbours(phases.circuit_formation_ends, progress),
    cleanup_ends: atLeastToNeighbours(phases.cleanup_ends, metrics),
  };
}

/** What happens between two evaluations is seen at neither: an interval reaches at least to the next ones. */
function atLeastToNeighbours(boundary: Boundary | null, rows: readonly { epoch: number }[]): Boundary | null {
  if (!boundary) return null;
  const before = rows.findLast(({ epoch }) => epoch < boundary.epoch)?.epoch ?? boundary.low;
  const after = rows.find(({ epoch }) => epoch > boundary.epoch)?.epoch ?? boundary.high;
  return { ...boundary, low: Math.min(boundary.low, before), high: Math.max(boundary.high, after) };
}

/** A boundary with its interval, which need not be even about it: "5,250 (4,250–5,750)". */
export const boundaryText = ({ epoch, low, high }: Boundary) =>
  `${formatEpoch(epoch)} (${formatEpoch(low)}–${formatEpoch(high)})`;
