/** The runs that a sweep asks for: each once, cheapest first, and which of them belong to a shard. */
import { type RunConfig, trainPairCount } from "../../src/model/config.js";
import { planRun } from "../../src/training/schedule.js";
import { stepMultiplyAdds } from "../../src/training/step-work.js";
import { CommandError } from "../command-error.js";
import type { Experiment, Keep } from "../experiments/experiment.js";
import { keepOf } from "../experiments/presets.js";
import { SWEEPS } from "../experiments/sweeps.js";
import { runKey } from "../run-store/run-key.js";

/** One run of a sweep: a cell with a seed. */
export interface SweepRun {
  key: string;
  config: RunConfig;
  keep: Keep;
  /** Belongs to the main model's experiment too: trained to its last epoch, and kept as that experiment asks. */
  inFull: boolean;
}

/** One of n equal parts of a sweep: the i-th, counted from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** @throws CommandError (exit 2) for an unknown name */
export function sweepsNamed(name: string): readonly Experiment[] {
  if (name === "all") return SWEEPS;
  const found = SWEEPS.find((sweep) => sweep.name === name);
  if (!found) {
    const names = SWEEPS.map((sweep) => sweep.name).join(", ");
    throw new CommandError(`sweep: ${name} is not allowed; allowed: all, ${names}`, 2);
  }
  return [found];
}

/** @throws CommandError (exit 2) for anything but i/n with i from 1 to n */
export function parseShard(text: string): Shard {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  const shard = match && { index: Number(match[1]), of: Number(match[2]) };
  if (!shard || shard.index > shard.of) {
    throw new CommandError(`--shard: ${text} is not allowed; allowed: i/n with i from 1 to n, for example 1/4`, 2);
  }
  return shard;
}

/** The distinct cells of some sweeps. A cell that several share counts once. */
export function distinctCells(sweeps: readonly Experiment[]): RunConfig[] {
  const cells = sweeps.flatMap(({ cells }) => cells.map(({ config }) => config));
  return [...new Map(cells.map((config) => [runKey(config), config])).values()];
}

/**
 * All runs of some sweeps, cheapest first, seeds of equal cost in order. What the store has plays no part, so shards
 * of machines with different stores never overlap.
 *
 * @param seeds seeds 0 … seeds − 1 of each cell
 */
export function sweepRuns(sweeps: readonly Experiment[], seeds: number, shard?: Shard): SweepRun[] {
  const slim = new Map(sweeps.flatMap(({ cells }) => cells.map(({ config, keep }) => [runKey(config), keep])));
  const runs = distinctCells(sweeps).flatMap((cell) => {
    const keepOfSweep = slim.get(runKey(cell)) as Keep;
    return Array.from({ length: seeds }, (_, seed): SweepRun => {
      const config = { ...cell, seed };
      const key = runKey(config);
      const { keep, committed } = keepOf(key);
      return { key, config, keep: committed ? keep : keepOfSweep, inFull: committed };
    });
  });
  const costs = new Map(runs.map(({ key, config }) => [key, workOf(config)]));
  const cost = ({ key }: SweepRun) => costs.get(key) as number;
  runs.sort((a, b) => cost(a) - cost(b) || a.config.seed - b.config.seed || (a.key < b.key ? -1 : 1));
  return shard ? runs.filter((_, i) => i % shard.of === shard.index - 1) : runs;
}

/** Estimated multiply-adds of the first `epochs` epochs of a run: its steps, and its evaluations of all p² pairs. */
export function workOf(config: RunConfig, epochs = config.epochs): number {
  const { modulus: p, train_fraction } = config;
  const step = stepMultiplyAdds(config);
  const forward = ((step / 3) * p * p) / trainPairCount(p, train_fraction);
  return step * epochs + forward * planRun(epochs).evaluations.length;
}
