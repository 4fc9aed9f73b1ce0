/** The runs that the pages would show but the store does not have. */
import { runLabel } from "../../src/figures/run-summary.js";
import { EXPERIMENTS } from "../experiments/presets.js";
import { runKey } from "../run-store/run-key.js";
import { hasRun } from "../run-store/store.js";
import { siteStore } from "../tables/stored-runs.js";

/** Labels of the cells of all experiments without a stored run. */
export function missingRuns(store = siteStore()): string[] {
  return EXPERIMENTS.flatMap(({ cells }) => cells)
    .filter(({ config }) => !hasRun(store, runKey(config)))
    .map(({ config }) => runLabel({ config }));
}

/** Prints the gap, if there is one, and how to fill it. */
export async function reportMissingRuns(_budget: number) {
  const missing = missingRuns();
  if (!missing.length) return;
  console.error(`${missing.length} of the pages’ runs are not stored; the pages show them as gaps:`);
  for (const label of missing) console.error(`  ${label}`);
}
