/** Models of stored runs and their null twins in Node: weights, and views from all sides. */
import {
  asTwin,
  type ModelTwin,
  type ModelView,
  type ModelWeights,
  randomTwin,
  viewModel,
} from "../../src/analysis/model-view.js";
import type { Inspect } from "../../src/training/engine.js";
import { wasmInspector } from "../../src/training/wasm/inspector.js";
import { nodeWasmHost } from "../engines/wasm-host.js";
import type { Checkpoint } from "../run-store/checkpoints-table.js";
import { readCheckpoints, type StoredRun } from "../run-store/store.js";
import { rankedFrequencies } from "../tables/catalog.js";

const inWasm = wasmInspector(() => nodeWasmHost());

const read = new WeakMap<StoredRun, Checkpoint[]>();

function checkpointsOf(run: StoredRun): Checkpoint[] {
  const checkpoints = read.get(run) ?? readCheckpoints(run);
  read.set(run, checkpoints);
  return checkpoints;
}

/** Epochs of a run's stored weights, ascending. */
export const storedEpochs = (run: StoredRun): number[] => checkpointsOf(run).map(({ epoch }) => epoch);

/** Weights of a run at the stored epochs among those given. */
export function weightsOfRun(run: StoredRun, epochs: readonly number[]): ModelWeights[] {
  const { config, key_frequencies: keyFrequencies } = run.record;
  const rest = { config, keyFrequencies, rankedFrequencies: rankedFrequencies(run), twin: null };
  return checkpointsOf(run)
    .filter(({ epoch }) => epochs.includes(epoch))
    .map((checkpoint) => ({ ...rest, ...checkpoint }));
}

/**
 * Weights of a run's null twin: one model, or none where it is not stored.
 *
 * @param memorized the stored run without weight decay, for the twin of that name, which is looked at where it ends
 */
export function weightsOfTwin(twin: ModelTwin, run: StoredRun, memorized?: StoredRun): ModelWeights[] {
  const count = run.record.key_frequencies?.length ?? 0;
  if (twin === "random weights") return [randomTwin(run.record.config, count)];
  const last = memorized && checkpointsOf(memorized).at(-1);
  return memorized && last ? [asTwin("memorized", { config: memorized.record.config, ...last }, count)] : [];
}

/**
 * A run at its stored checkpoint nearest to an epoch; the last one without.
 *
 * @returns null where the run keeps no weights
 */
export async function viewOfRun(
  run: StoredRun,
  epoch = run.record.ended.epoch,
  inspect: Inspect = inWasm,
): Promise<ModelView | null> {
  const nearer = (best: number, next: number) => (Math.abs(next - epoch) < Math.abs(best - epoch) ? next : best);
  const [weights] = weightsOfRun(run, [storedEpochs(run).reduce(nearer, Number.POSITIVE_INFINITY)]);
  return weights ? viewModel(weights, inspect) : null;
}

/** The null twin of a run; null where it is not stored. */
export async function viewOfTwin(
  twin: ModelTwin,
  run: StoredRun,
  memorized?: StoredRun,
  inspect: Inspect = inWasm,
): Promise<ModelView | null> {
  const [weights] = weightsOfTwin(twin, run, memorized);
  return weights ? viewModel(weights, inspect) : null;
}
