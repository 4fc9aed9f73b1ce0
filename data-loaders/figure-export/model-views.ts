/** Models of stored runs, looked at from all sides in Node: for exported figures and for tests. */
import { asTwin, type ModelTwin, type ModelView, randomTwin, viewModel } from "../../src/analysis/model-view.js";
import { wasmInspector } from "../../src/training/wasm/inspector.js";
import { nodeWasmHost } from "../engines/wasm-host.js";
import { readCheckpoints, type StoredRun } from "../run-store/store.js";
import { rankedFrequencies } from "../tables/catalog.js";

const inspect = wasmInspector(() => nodeWasmHost());

/**
 * A run at its stored checkpoint nearest to an epoch; the last one without.
 *
 * @returns null where the run keeps no weights
 */
export async function viewOfRun(run: StoredRun, epoch?: number): Promise<ModelView | null> {
  const checkpoint = nearestCheckpoint(run, epoch);
  if (!checkpoint) return null;
  const { config, key_frequencies } = run.record;
  return viewModel(
    {
      config,
      ...checkpoint,
      keyFrequencies: key_frequencies,
      rankedFrequencies: rankedFrequencies(run),
      twin: null,
    },
    inspect,
  );
}

/**
 * The null twin of a run.
 *
 * @param memorized the stored run without weight decay, for the twin of that name
 * @returns null where it keeps no weights
 */
export async function viewOfTwin(twin: ModelTwin, run: StoredRun, memorized?: StoredRun): Promise<ModelView | null> {
  const count = run.record.key_frequencies?.length ?? 0;
  if (twin === "random weights") return viewModel(randomTwin(run.record.config, count), inspect);
  const checkpoint = memorized && nearestCheckpoint(memorized);
  if (!memorized || !checkpoint) return null;
  return viewModel(asTwin("memorized", { config: memorized.record.config, ...checkpoint }, count), inspect);
}

function nearestCheckpoint(run: StoredRun, epoch = run.record.ended.epoch) {
  const checkpoints = readCheckpoints(run);
  const distance = (at: { epoch: number }) => Math.abs(at.epoch - epoch);
  return checkpoints.reduce<(typeof checkpoints)[number] | undefined>(
    (best, next) => (best && distance(best) <= distance(next) ? best : next),
    undefined,
  );
}
