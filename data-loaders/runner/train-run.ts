/** Trains one run into a store: starts it or continues it, saves its state as it goes, and puts it in place. */
import type { RunConfig } from "../../src/model/config.js";
import { type Split, splitPairs } from "../../src/model/dataset.js";
import { initialParameters } from "../../src/model/initialise.js";
import { type EarlyEnd, endsEarly } from "../../src/training/early-end.js";
import type { Engine, EngineIdentity, Problem, TrainingState } from "../../src/training/engine.js";
import { describeEngine, sameEngine } from "../../src/training/engine-identity.js";
import type { MetricsRow, RunEnd, StartedFrom } from "../../src/training/run-record.js";
import { planRun } from "../../src/training/schedule.js";
import { NO_SPIKES } from "../../src/training/spikes.js";
import { train } from "../../src/training/train.js";
import { CommandError } from "../command-error.js";
import type { Keep } from "../experiments/experiment.js";
import { type StoredRun, writeRun } from "../run-store/run-folder.js";
import { runKey } from "../run-store/run-key.js";
import { StoreError } from "../run-store/store-error.js";
import { ignoreWorkingFolders, WorkingFolder, type WorkingState } from "../run-store/working-folder.js";

export interface RunRequest {
  config: RunConfig;
  store: string;
  keep: Keep;
  createEngine: (problem: Problem) => Promise<Engine>;
  /** Weights to continue instead of fresh ones. */
  start?: { from: StartedFrom; state: TrainingState };
  /** Drops what an earlier process of this run has saved. */
  startOver?: boolean;
  /** When the run may end before its last epoch. */
  earlyEnd?: EarlyEnd;
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
  const { config, store, start } = request;
  const split = splitPairs(config);
  const first = start?.state ?? freshState(config);
  // Before anything is written: an engine that cannot train this leaves no trace.
  const engine = await request.createEngine({ config, split, state: first });
  const folder = new WorkingFolder(store, runKey(config, start?.from));
  try {
    folder.open();
    ignoreWorkingFolders(store);
    if (request.startOver) folder.clear();
    return await new RunUnderWay(request, folder, engine, split, first).toItsEnd();
  } finally {
    await engine.dispose();
    folder.close();
  }
}

class RunUnderWay {
  readonly #request: RunRequest;
  readonly #folder: WorkingFolder;
  readonly #engine: Engine;
  readonly #split: Split;
  readonly #key: string;
  readonly #firstEpoch: number;
  /** Epoch of the saved state that is continued; −1 for a new run. */
  readonly #toldUntil: number;
  readonly #clock: number;
  #state: Omit<WorkingState, "training" | "wallSeconds">;
  #training: TrainingState;
  #savedAt = Date.now();

  constructor(request: RunRequest, folder: WorkingFolder, engine: Engine, split: Split, first: TrainingState) {
    const { config, start } = request;
    const saved = folder.readState();
    this.#request = request;
    this.#folder = folder;
    this.#engine = engine;
    this.#split = split;
    this.#key = runKey(config, start?.from);
    this.#firstEpoch = first.epoch;
    this.#toldUntil = saved?.training.epoch ?? -1;
    this.#clock = Date.now() - (saved?.wallSeconds ?? 0) * 1000;
    this.#training = saved?.training ?? first;
    this.#state = saved ?? {
      config,
      engine: engine.identity,
      evaluated: first.parameters,
      rows: [],
      candidates: [],
      spikes: NO_SPIKES,
    };
    if (!sameEngine(this.#state.engine, engine.identity)) {
      throw new StoreError(
        `${this.#key} was begun by ${describeEngine(this.#state.engine)} and cannot be continued by ` +
          `${describeEngine(engine.identity)}; choose that engine, or remove ${folder.path} to start over`,
      );
    }
  }

  async toItsEnd(): Promise<RunOutcome> {
    const { config, watch } = this.#request;
    if (this.#toldUntil >= 0) await this.#engine.load(this.#training);
    watch.started({
      key: this.#key,
      identity: this.#engine.identity,
      epoch: this.#training.epoch,
      epochs: config.epochs,
    });
    const ended = await this.#train();
    return "kind" in ended ? ended : this.#finish(ended);
  }

  /** Trains until the run ends or is left. */
  async #train(): Promise<RunEnd | (RunOutcome & { kind: "stopped" })> {
    const { config, watch, shouldStop, saveEvery = 30 } = this.#request;
    const state = this.#state;
    const events = train(this.#engine, config, this.#split, {
      plan: planRun(config.epochs, this.#firstEpoch),
      toldUntil: this.#toldUntil,
      spikes: state.spikes,
    });
    for await (const event of events) {
      if (event.kind === "evaluation") {
        state.rows.push(event.row);
        state.evaluated = event.parameters;
        if (event.setAside) this.#setAside(event.row.epoch, event.parameters);
        continue;
      }
      state.spikes = event.spikes;
      if (event.kind === "not_finite") return { epoch: event.epoch, reason: "not_finite" };
      const { epoch, trainLoss } = event;
      watch.trained({ epoch, trainLoss, latest: state.rows.at(-1) ?? null });
      const stop = shouldStop();
      const early = epoch < config.epochs && this.#endsEarlyAt(epoch);
      if (stop || early || epoch === config.epochs || Date.now() - this.#savedAt > saveEvery * 1000) await this.#save();
      if (stop) return { kind: "stopped", key: this.#key, epoch };
      if (early) return { epoch, reason: "early" };
    }
    return { epoch: config.epochs, reason: "complete" };
  }

  async #finish(ended: RunEnd): Promise<RunOutcome> {
    this.#engine.leave?.(); // the rest takes long, and others may train beside this
    const { config, store, keep, start, watch, shouldStop } = this.#request;
    const { rows, candidates, spikes, evaluated } = this.#state;
    const last = rows.at(-1);
    if (!last) throw new CommandError(`the loss is not finite at epoch ${ended.epoch}, the first of ${this.#key}`, 3);
    // Where the loss is no longer finite, the last evaluation has the last good weights.
    if (candidates.at(-1) !== last.epoch) this.#setAside(last.epoch, evaluated);
    // Loaded here: a training process starts faster without the analysis and the tables.
    const { finishRun } = await import("./finish-run.js");
    const finished = await finishRun(
      {
        key: this.#key,
        config,
        startedFrom: start?.from,
        identity: this.#engine.identity,
        split: this.#split,
        rows,
        candidates,
        weightsAt: (epoch) => this.#folder.readCandidate(epoch),
        ended,
        lossSpikes: spikes.count,
      },
      ended.reason === "not_finite" ? { ...keep, checkpoints: Math.max(1, keep.checkpoints) } : keep,
      this.#engine,
      watch.analyzing,
      shouldStop,
    );
    if (!finished) return { kind: "stopped", key: this.#key, epoch: ended.epoch };
    const wall_seconds = Math.round(this.#wallSeconds() * 10) / 10;
    const run = writeRun(store, { ...finished.record, wall_seconds }, finished.files);
    this.#folder.remove();
    return { kind: "ended", run };
  }

  #endsEarlyAt(epoch: number): boolean {
    const { config, earlyEnd } = this.#request;
    const { rows } = this.#state;
    return earlyEnd !== undefined && rows.at(-1)?.epoch === epoch && endsEarly(rows, config.modulus, earlyEnd);
  }

  #setAside(epoch: number, parameters: Float32Array): void {
    this.#folder.saveCandidate(epoch, parameters);
    this.#state.candidates.push(epoch);
  }

  async #save(): Promise<void> {
    const training = await this.#engine.state();
    this.#folder.saveState({ ...this.#state, training, wallSeconds: this.#wallSeconds() });
    this.#savedAt = Date.now();
  }

  #wallSeconds(): number {
    return (Date.now() - this.#clock) / 1000;
  }
}

/** A new run's state: seeded weights, moments zero. */
export function freshState(config: RunConfig): TrainingState {
  const parameters = initialParameters(config);
  const zeros = () => new Float32Array(parameters.length);
  return { epoch: 0, parameters, moment1: zeros(), moment2: zeros() };
}
