/** The phases of a stored run, from the columns of its tables. */
import { findPhases, type Phases } from "../../analysis/phases.js";
import type { MetricsRow, ProgressRow } from "../../training/run-record.js";

/** Boundaries of the phases; all null where the tables are empty or have no key frequencies. */
export function phasesOfRun(
  metrics: readonly Pick<MetricsRow, "epoch" | "sum_squared_weights">[],
  progress: readonly Pick<ProgressRow, "epoch" | "excluded_train" | "restricted_test">[],
): Phases {
  return findPhases(
    progress.map(({ epoch, excluded_train }) => ({ epoch, value: excluded_train })),
    progress.map(({ epoch, restricted_test }) => ({ epoch, value: restricted_test })),
    metrics.map(({ epoch, sum_squared_weights }) => ({ epoch, value: sum_squared_weights })),
  );
}
