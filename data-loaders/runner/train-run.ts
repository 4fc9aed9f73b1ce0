/** Trains one run into a store: starts it or continues it, saves its state as it goes, and puts it in place. */
import type { RunConfig } from "../../src/model/config.js";
import { splitPairs } from "../../src/model/dataset.js";
import { initialParameters } from "../../src/model/initialise.js";
import type { Engine, EngineIdentity, Problem, TrainingState } from "../../src/training/engine.js";
import type { MetricsRow, RunEnd, StartedFrom } from "../../src/training/run-record.js";
import { planRun } from "../../src/training/schedule.js";
import { NO_SPIKES, type SpikeState } from "../../src/training/spikes.js";
import { train } from "../../src/training/train.js";
import type { Keep } from "../experiments/experiment.js";
import { runKey } from "../run-store/run-key.js";
import { type StoredRun, writeRun } from "../run-store/store.js";
import { StoreError } from "../run-store/store-error.js";
import { ignoreWorkingFolders, WorkingFolder, type WorkingState } from "../run-store/working-folder.js";
import { finishRun } from "./finish-run.js";

export interface RunRequest {
  config: RunConfig;
  store: string;
  keep: Keep;
  createEngine: (problem: Problem) => Promise<Engine>;
  /** Weights to continue instead of fresh ones. */
  start?: { from: StartedFrom; state: TrainingState };
  /** Drops what an earlier process of this run has saved. */
  startOver?: boolean;
  /** Seconds between saved states. */
  saveEvery?: number;
  /** Asked often; true saves and leaves. */
  shouldStop: () => boolean;
  watch: RunWatcher;
}

/** What is told of a run under way. */
export interface RunWatcher {
  started(of: { key: string; identity: EngineIdentity; epoch: number; epochs: number }): void;
  trained(at: { epoch: number; trainLoss: number | null; latest: MetricsRow | null }): void;
  /** share: of the analysis at the end, 0 to 1 */
  analyzing(share: number): void;
}

export type RunOutcome =
  | { kind: "ended"; run: StoredRun }
  /** Left on request; the state is saved. */
  | { kind: "stopped"; key: string; epoch: number };

/**
 * Trains a run to its end, from its last saved state if there is one. The files are the same to the bit however often
 * it was stopped or killed on the way.
 *
 * @throws LockedError where another process trains it; StoreError where the disk refuses, or where the saved state is
 *   of another engine; EngineError for what the engine cannot do
 */
export async function trainRun(request: RunRequest): Promise<RunOutcome> {
  const { config, store, start, watch } = request;
  const key = runKey(config, start?.from);
  const folder = new WorkingFolder(store, key);
  folder.open();
  let engine: Engine | undefined;
  try {
    ignoreWorkingFolders(store);
    if (request.startOver) folder.clear();
    const saved = folder.readState();
    const split = splitPairs(config);
    const first = start?.state ?? freshState(config);
    engine = await request.createEngine({ config, split, state: saved?.training ?? first });
    const identity = engine.identity;
    if (saved && !sameEngine(saved.engine, identity)) {
      throw new StoreError(
        `${key} was begun by ${describeEngine(saved.engine)} and cannot be continued by ${describeEngine(identity)}; ` +
          "choose that engine, or start over with --force",
      );
    }
    watch.started({ key, identity, epoch: saved?.training.epoch ?? first.epoch, epochs: config.epochs });

    const clock = Date.now() - (saved?.wallSeconds ?? 0) * 1000;
    const wallSeconds = () => (Date.now() - clock) / 1000;
    const rows = saved?.rows ?? [];
    const candidates = saved?.candidates ?? [];
    let evaluated = saved?.evaluated ?? first.parameters;
    let spikes: SpikeState = saved?.spikes ?? NO_SPIKES;
    let ended: RunEnd = { epoch: config.epochs, reason: "complete" };
    const save = async (training: TrainingState) => {
      const state: WorkingState = {
        engine: identity,
        training,
        evaluated,
        rows,
        candidates,
        spikes,
        wallSeconds: wallSeconds(),
      };
      folder.saveState(state);
    };
    const toldUntil = saved ? saved.training.epoch : -1;
    let savedAt = Date.now();
    for await (const event of train(engine, config, split, {
      plan: planRun(config.epochs, first.epoch),
      toldUntil,
      spikes,
    })) {
      if (event.kind === "evaluation") {
        rows.push(event.row);
        evaluated = event.parameters;
        if (!event.setAside) continue;
        folder.saveCandidate(event.row.epoch, event.parameters);
        candidates.push(event.row.epoch);
      } else if (event.kind === "progress") {
        spikes = event.spikes;
        watch.trained({ epoch: event.epoch, trainLoss: event.trainLoss, latest: rows.at(-1) ?? null });
        const stop = request.shouldStop();
        if (stop || event.epoch === config.epochs || Date.now() - savedAt > (request.saveEvery ?? 30) * 1000) {
          await save(await engine.state());
          savedAt = Date.now();
        }
        if (stop && event.epoch < config.epochs) return { kind: "stopped", key, epoch: event.epoch };
      } else {
        spikes = event.spikes;
        ended = { epoch: event.epoch, reason: "not_finite" };
      }
    }
    if (rows.length === 0) throw new StoreError(`${key}: the loss is not finite at its first epoch, ${ended.epoch}`);
    const lastEpoch = rows[rows.length - 1].epoch;
    if (candidates.at(-1) !== lastEpoch) {
      folder.saveCandidate(lastEpoch, evaluated);
      candidates.push(lastEpoch);
    }
    const finished = await finishRun(
      {
        key,
        config,
        startedFrom: start?.from,
        identity,
        split,
        rows,
        candidates,
        weightsAt: (epoch) => folder.readCandidate(epoch),
        ended,
        lossSpikes: spikes.count,
      },
      request.keep,
      engine,
      watch.analyzing,
      request.shouldStop,
    );
    if (!finished) return { kind: "stopped", key, epoch: ended.epoch };
    const { record, files } = finished;
    const run = writeRun(store, { ...record, wall_seconds: Math.round(wallSeconds() * 10) / 10 }, files);
    folder.remove();
    return { kind: "ended", run };
  } finally {
    await engine?.dispose();
    folder.close();
  }
}

/** A new run's state: seeded weights, moments zero. */
export function freshState(config: RunConfig): TrainingState {
  const parameters = initialParameters(config);
  const zeros = () => new Float32Array(parameters.length);
  return { epoch: 0, parameters, moment1: zeros(), moment2: zeros() };
}

export const sameEngine = (a: EngineIdentity, b: EngineIdentity) =>
  a.name === b.name && a.variant === b.variant && a.adapter === b.adapter && a.numerics_version === b.numerics_version;

/** An engine in words: wasm relaxed-fma on cpu. */
export const describeEngine = ({ name, variant, adapter }: EngineIdentity) => `${name} ${variant} on ${adapter}`;
