/** Weights to continue: those of a stored run, finished or under way. */
import type { RunConfig } from "../../src/model/config.js";
import type { TrainingState } from "../../src/training/engine.js";
import type { StartedFrom } from "../../src/training/run-record.js";
import { CommandError } from "../commands/command-error.js";
import { findRunFolder, OWN_STORE, REFERENCE_STORE } from "../places.js";
import { sha256 } from "../run-store/record-schema.js";
import { readCheckpoints, readRun } from "../run-store/store.js";

export interface StoredStart {
  /** Configuration of the run that trained the weights. */
  config: RunConfig;
  from: StartedFrom;
  state: TrainingState;
}

/**
 * Weights named RUN or RUN@EPOCH, RUN being a key or a folder; without an epoch, the last that are stored. The
 * moments of the optimizer start from zero, for they are not stored.
 *
 * @throws CommandError (exit 2) for an unknown run, a run without weights, an epoch that is not stored
 */
export function storedStart(name: string, stores: readonly string[] = [REFERENCE_STORE, OWN_STORE]): StoredStart {
  const at = name.lastIndexOf("@");
  const [runName, epochText] = at < 0 ? [name, null] : [name.slice(0, at), name.slice(at + 1)];
  const folder = findRunFolder(runName, stores);
  if (!folder)
    throw new CommandError(`--from: no run ${runName}; allowed: a key in ${stores.join(" or ")}, or a folder`, 2);
  const run = readRun(folder);
  const { config, key } = run.record;
  const checkpoints = readCheckpoints(run);
  const last = checkpoints.at(-1);
  if (!last) throw new CommandError(`--from: ${key} has no weights stored`, 2);
  const found = epochText === null ? last : checkpoints.find(({ epoch }) => String(epoch) === epochText);
  if (!found) {
    const epochs = checkpoints.map(({ epoch }) => epoch).join(", ");
    throw new CommandError(`--from: ${key} has no weights at epoch ${epochText}; allowed: ${epochs}`, 2);
  }
  const { epoch, parameters } = found;
  const zeros = () => new Float32Array(parameters.length);
  return {
    config,
    from: { key, epoch, weights: sha256(new Uint8Array(parameters.buffer)), moments: "zero" },
    state: { epoch, parameters, moment1: zeros(), moment2: zeros() },
  };
}
