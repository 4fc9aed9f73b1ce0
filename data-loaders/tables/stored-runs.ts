/** The runs that the site shows: those of the committed store, the experiment of the main model first. */
import { EXPERIMENTS } from "../experiments/presets.js";
import { REFERENCE_STORE } from "../places.js";
import { runKey } from "../run-store/run-key.js";
import { listRuns, type StoredRun } from "../run-store/store.js";

/** Where the site's runs lie: GROK_RUNS names another store to look at. */
export const siteStore = () => process.env.GROK_RUNS ?? REFERENCE_STORE;

/**
 * Runs in the order in which pages offer them. A broken run is named on standard error and left out: it is never
 * shown as data.
 */
export function storedRuns(): StoredRun[] {
  const { runs, broken } = listRuns(siteStore());
  for (const line of broken) console.error(`left out: ${line}`);
  const order = EXPERIMENTS.flatMap(({ cells }) => cells.map(({ config }) => runKey(config)));
  const rank = ({ record }: StoredRun) => (order.indexOf(record.key) + order.length + 1) % (order.length + 1);
  return runs.sort((a, b) => rank(a) - rank(b) || a.record.key.localeCompare(b.record.key));
}
