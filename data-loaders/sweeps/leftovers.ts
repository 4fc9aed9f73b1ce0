/** Saved states that are of no more use. Each is large: all weights that were set aside lie beside it. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { hasRun, runFolder } from "../run-store/store.js";
import { WorkingFolder } from "../run-store/working-folder.js";
import type { SweepRun } from "./sweep-plan.js";

/**
 * Removes the saved states of runs that were stored since, here or by another machine. A state that was saved after its
 * run was stored is of a further training, by `--longer` or `--force`, and stays; so does what a living process has.
 *
 * @throws StoreError where the disk refuses
 */
export function removeLeftovers(store: string, runs: readonly SweepRun[]): void {
  for (const { key } of runs) {
    if (!hasRun(store, key)) continue;
    const folder = new WorkingFolder(store, key);
    const stored = statSync(join(runFolder(store, key), "run.json")).mtimeMs;
    if ((folder.savedAt() ?? 0) <= stored) folder.removeLeftover();
  }
}
