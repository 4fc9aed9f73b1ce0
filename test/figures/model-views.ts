/**
 * The canonical run and its null twins, looked at from all sides: computed once for all tests of a file. In plain
 * TypeScript, whose bits are the same on every processor, so that snapshots of grids are.
 */
import { viewOfRun, viewOfTwin } from "../../data-loaders/figure-export/model-views.js";
import type { StoredRun } from "../../data-loaders/run-store/store.js";
import { catalog } from "../../data-loaders/tables/catalog.js";
import { storedRuns } from "../../data-loaders/tables/stored-runs.js";
import { inspectAllPairs } from "../../src/analysis/forward-logits.js";
import type { ModelView } from "../../src/analysis/model-view.js";

export interface TestViews {
  /** The final model of the canonical run. */
  trained: ModelView;
  /** The same size with random weights. */
  random: ModelView;
  /** The run without weight decay, at its end; null while the store has none. */
  memorized: ModelView | null;
}

let loaded: Promise<TestViews | null> | undefined;

/** The views; null while the store has no canonical run with weights. GROK_RUNS names another store. */
export function modelViews(): Promise<TestViews | null> {
  loaded ??= load();
  return loaded;
}

/** The views of the committed canonical run. @throws Error where the store does not have it */
export async function requireModelViews(): Promise<TestViews> {
  const views = await modelViews();
  if (!views) throw new Error("the store has no canonical run with weights; figures cannot be tested");
  return views;
}

async function load(): Promise<TestViews | null> {
  const runs = storedRuns();
  const { canonical, twin } = catalog(runs);
  const named = (key: string | null) => runs.find(({ record }) => record.key === key);
  const run: StoredRun | undefined = named(canonical) ?? (process.env.GROK_RUNS ? runs[0] : undefined);
  const trained = run && (await viewOfRun(run, undefined, inspectAllPairs));
  if (!run || !trained) return null;
  const random = await viewOfTwin("random weights", run, undefined, inspectAllPairs);
  const memorized = await viewOfTwin("memorized", run, named(twin), inspectAllPairs);
  return random && { trained, random, memorized };
}
