/** The end of a run: what is computed from the weights set aside, what of it is kept, and the record. */
import { readFileSync } from "node:fs";
import { basisSparsity } from "../../src/analysis/basis-sparsity.js";
import { analyzeCheckpoint, keyFrequencies } from "../../src/analysis/run-analysis.js";
import type { RunConfig } from "../../src/model/config.js";
import type { Split } from "../../src/model/dataset.js";
import type { Engine, EngineIdentity } from "../../src/training/engine.js";
import { allPairs } from "../../src/training/evaluate.js";
import { findMilestones } from "../../src/training/milestones.js";
import type {
  BasisSparsity,
  MetricsRow,
  ProgressRow,
  RunEnd,
  RunRecord,
  SpectraRow,
  StartedFrom,
} from "../../src/training/run-record.js";
import { chooseByArcLength } from "../../src/training/schedule.js";
import type { Keep } from "../experiments/experiment.js";
import { encodeCheckpoints } from "../run-store/checkpoints-table.js";
import type { RunFile } from "../run-store/run-folder.js";
import { encodeRows } from "./kept-rows.js";

/** All of a run that has ended. */
export interface EndedRun {
  key: string;
  config: RunConfig;
  startedFrom?: StartedFrom;
  identity: EngineIdentity;
  split: Split;
  rows: MetricsRow[];
  /** Epochs whose weights were set aside, ascending, and the weights of one. */
  candidates: number[];
  weightsAt: (epoch: number) => Float32Array;
  ended: RunEnd;
  lossSpikes: number;
}

export type UnwrittenRecord = Omit<RunRecord, "files" | "wall_seconds">;

/**
 * Computes spectra, progress measures and milestones, and encodes the files that are kept.
 *
 * @param engine gives the logits; its state is replaced
 * @param onProgress called with the share of the work done, 0 to 1
 * @param shouldStop asked often; true leaves
 * @returns null where it was left on request
 */
export async function finishRun(
  run: EndedRun,
  keep: Keep,
  engine: Engine,
  onProgress: (share: number) => void,
  shouldStop: () => boolean,
): Promise<{ record: UnwrittenRecord; files: Partial<Record<RunFile, Uint8Array>> } | null> {
  const { config, rows, candidates } = run;
  const lastEpoch = candidates[candidates.length - 1];
  const frequencies = keyFrequencies(config, run.weightsAt(lastEpoch));
  const progressEpochs = chooseByArcLength(rows, candidates, keep.progress);
  const spectraEpochs = chooseByArcLength(rows, candidates, keep.spectra);
  const analyzed = [...new Set([...progressEpochs, ...spectraEpochs])].sort((a, b) => a - b);
  const progress: ProgressRow[] = [];
  const spectra: SpectraRow[] = [];
  const pairs = allPairs(config.modulus);
  let sparsity: BasisSparsity | undefined;
  for (const [done, epoch] of analyzed.entries()) {
    await new Promise((resume) => setTimeout(resume)); // lets signals, messages and the lock's refreshing in
    if (shouldStop()) return null;
    onProgress(done / analyzed.length);
    const parameters = run.weightsAt(epoch);
    const moment = new Float32Array(parameters.length);
    await engine.load({ epoch, parameters, moment1: moment, moment2: moment });
    const logits = await engine.logits(pairs);
    if (epoch === lastEpoch) sparsity = basisSparsity(config, parameters, logits);
    const analysis = analyzeCheckpoint(config, run.split, parameters, logits, frequencies, epoch);
    if (progressEpochs.includes(epoch)) progress.push(analysis.progress);
    if (spectraEpochs.includes(epoch)) spectra.push(...analysis.spectra);
  }
  const milestones = findMilestones(rows, progress, config.modulus);
  const { train_loss, test_loss, train_accuracy, test_accuracy } = rows[rows.length - 1];
  const record: UnwrittenRecord = {
    key: run.key,
    config,
    ...(run.startedFrom && { started_from: run.startedFrom }),
    engine: run.identity,
    versions: versions(),
    created: new Date().toISOString(),
    milestones,
    key_frequencies: frequencies,
    final: { train_loss, test_loss, train_accuracy, test_accuracy },
    ended: run.ended,
    loss_spikes: run.lossSpikes,
    sparsity,
  };
  const files: Partial<Record<RunFile, Uint8Array>> = encodeRows({ rows, progress, spectra }, record, keep);
  const stored = chooseByArcLength(rows, candidates, keep.checkpoints);
  if (stored.length > 0) {
    const checkpoints = stored.map((epoch) => ({ epoch, parameters: run.weightsAt(epoch) }));
    files["checkpoints.arrow"] = encodeCheckpoints(config, checkpoints, keep.finalType);
  }
  return { record, files };
}

function versions(): Record<string, string> {
  const { name, version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return { [name]: version, node: process.versions.node, v8: process.versions.v8 };
}
