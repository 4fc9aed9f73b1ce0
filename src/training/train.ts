/**
 * The training loop, for the command line and the browser alike: it drives an engine through a plan of evaluations
 * and tells what happened as a stream of events.
 */
import type { RunConfig } from "../model/config.js";
import type { Split } from "../model/dataset.js";
import type { Engine } from "./engine.js";
import { evaluator, isFiniteRow } from "./evaluate.js";
import type { MetricsRow } from "./run-record.js";
import type { Plan } from "./schedule.js";
import { NO_SPIKES, observeLoss, type SpikeState } from "./spikes.js";

/** An engine may compute without ever waiting: how often signals and messages are let in. */
const LET_IN_EVERY_MS = 30;

export type TrainingEvent =
  /** Weights are a copy; `setAside`: the plan wants them kept until the run has ended. */
  | { kind: "evaluation"; row: MetricsRow; parameters: Float32Array; setAside: boolean }
  /**
   * All that was due up to `epoch` has been told. Here the run can be left: the engine's state together with `spikes`
   * and `epoch` (as `toldUntil`) continue it to the bit. `trainLoss` is that of the epoch before.
   */
  | { kind: "progress"; epoch: number; trainLoss: number | null; spikes: SpikeState }
  /** The loss at `epoch` is not a number: the end. What the last evaluation gave is good. */
  | { kind: "not_finite"; epoch: number; spikes: SpikeState };

export interface TrainingOptions {
  plan: Plan;
  /** Epoch up to which (inclusive) an earlier part of the run has told its events; −1 for none. */
  toldUntil?: number;
  spikes?: SpikeState;
  /** How long one call of the engine may take, seconds: how soon the loop can be left. */
  chunkSeconds?: number;
}

/** Trains from the engine's state to the plan's last epoch. Leave it (break) only at a `progress` event. */
export async function* train(
  engine: Engine,
  config: RunConfig,
  split: Split,
  { plan, toldUntil = -1, spikes = NO_SPIKES, chunkSeconds = 1 }: TrainingOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const evaluate = evaluator(config, split);
  const stops = plan.evaluations;
  const candidates = new Set(plan.candidates);
  const last = stops[stops.length - 1];
  let { epoch } = await engine.state();
  let counted = spikes;
  let secondsPerStep = chunkSeconds;
  let trainLoss: number | null = null;
  let turn = performance.now();
  let nextStop = stops.findIndex((stop) => stop >= epoch);

  for (;;) {
    if (epoch === stops[nextStop]) {
      if (epoch > toldUntil) {
        const { row, parameters } = await evaluate(engine, counted.count);
        if (!isFiniteRow(row)) {
          yield { kind: "not_finite", epoch, spikes: counted };
          return;
        }
        yield { kind: "evaluation", row, parameters, setAside: candidates.has(epoch) };
      }
      nextStop++;
    }
    if (performance.now() - turn > LET_IN_EVERY_MS) {
      await new Promise((resume) => setTimeout(resume));
      turn = performance.now();
    }
    yield { kind: "progress", epoch, trainLoss, spikes: counted };
    if (epoch >= last) return;

    const chunk = Math.max(1, Math.floor(chunkSeconds / secondsPerStep));
    const count = Math.min(chunk, stops[nextStop] - epoch);
    const started = performance.now();
    const losses = await engine.step(count);
    secondsPerStep = (performance.now() - started) / 1000 / count;
    for (const loss of losses) {
      if (!Number.isFinite(loss)) {
        yield { kind: "not_finite", epoch, spikes: counted };
        return;
      }
      counted = observeLoss(counted, loss);
      trainLoss = loss;
      epoch++;
    }
  }
}
