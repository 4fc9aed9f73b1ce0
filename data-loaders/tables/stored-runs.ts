/** The runs that the site shows: those of the committed store, the experiment of the main model first. */
import { REFERENCE_STORE } from "../places.js";
import { listRuns, type StoredRun } from "../run-store/store.js";
import { byPlace } from "./run-groups.js";

/** Where the site's runs lie: GROK_RUNS names another store to look at. */
export const siteStore = () => process.env.GROK_RUNS ?? REFERENCE_STORE;

/**
 * Runs in the order in which pages offer them. A broken run is named on standard error and left out: it is never
 * shown as data.
 */
export function storedRuns(): StoredRun[] {
  const { runs, broken } = listRuns(siteStore());
  for (const { line } of broken) console.error(`left out: ${line}`);
  return runs.sort((a, b) => byPlace(a.record, b.record));
}
