/** What the pages of the sweeps load: the grids with what is missing of them, a row per run, and the runs' curves. */
import { Bool, type DataType, Float32, Float64, Int32, Utf8 } from "apache-arrow";
import type { CurveRow, SweepGrid, SweepRow } from "../../src/figures/sweeps/sweep-rows.js";
import { trainPairCount } from "../../src/model/config.js";
import type { MetricsRow } from "../../src/training/run-record.js";
import type { Experiment } from "../experiments/experiment.js";
import { SWEEPS } from "../experiments/sweeps.js";
import { readMetrics, type StoredRun } from "../run-store/store.js";
import { cellOf, sampledCell } from "../sweeps/cells.js";
import { encode, runColumn } from "./run-tables.js";
import { storedRuns } from "./stored-runs.js";
import { storedSparsity } from "./stored-sparsity.js";

/** The grids, in the order of their pages, with the stored seeds of each cell; a cell that is missing stays in. */
export function sweepGrids(runs: readonly StoredRun[] = storedRuns(), sweeps = SWEEPS): SweepGrid[] {
  const seeds = new Map<string, number[]>();
  for (const { record } of samplesOf(runs, sweeps)) {
    const cell = cellOf(record.config);
    seeds.set(
      cell,
      [...(seeds.get(cell) ?? []), record.config.seed].sort((a, b) => a - b),
    );
  }
  return sweeps.map(({ name, reason, cells }) => ({
    name,
    reason,
    cells: cells.map(({ config }) => {
      const cell = cellOf(config);
      return { cell, config, seeds: seeds.get(cell) ?? [] };
    }),
  }));
}

/** The stored runs that belong to a cell of any grid. */
function samplesOf(runs: readonly StoredRun[], sweeps: readonly Experiment[]): StoredRun[] {
  const cells = new Set(sweeps.flatMap(({ cells }) => cells.map(({ config }) => cellOf(config))));
  return runs.filter(({ record }) => cells.has(sampledCell(record) ?? ""));
}

const ROW_COLUMNS: { [Name in keyof SweepRow]-?: DataType } = {
  run: new Utf8(),
  cell: new Utf8(),
  seed: new Int32(),
  operation: new Utf8(),
  modulus: new Int32(),
  train_fraction: new Float64(),
  train_pairs: new Int32(),
  learning_rate: new Float64(),
  weight_decay: new Float64(),
  beta2: new Float64(),
  softmax: new Utf8(),
  layers: new Int32(),
  memorized: new Int32(),
  grokked: new Int32(),
  first_crossing: new Int32(),
  evaluation_interval: new Int32(),
  ended: new Int32(),
  ended_reason: new Utf8(),
  final_train_loss: new Float64(),
  final_test_loss: new Float64(),
  final_train_accuracy: new Float64(),
  final_test_accuracy: new Float64(),
  best_test_accuracy: new Float64(),
  loss_spikes: new Int32(),
  zero_loss_share: new Float64(),
  largest_zero_loss_share: new Float64(),
  key_frequencies: new Int32(),
  additive_W_E: new Float64(),
  additive_W_L: new Float64(),
  additive_logits: new Float64(),
  multiplicative_W_E: new Float64(),
  multiplicative_W_L: new Float64(),
  multiplicative_logits: new Float64(),
  has_weights: new Bool(),
  engine: new Utf8(),
  created: new Utf8(),
};

/** A run as a row. @throws StoreError for broken metrics */
export function sweepRow(run: StoredRun): SweepRow {
  const { key, config, milestones, ended, final, loss_spikes, key_frequencies, files, engine, created } = run.record;
  const sparsity = storedSparsity(run);
  const metrics = readMetrics(run);
  const largest = (field: "test_accuracy" | "zero_loss_share") =>
    metrics.reduce((most, row) => Math.max(most, row[field]), 0);
  const { operation, modulus, train_fraction, learning_rate, weight_decay, beta2, softmax, layers, seed } = config;
  return {
    run: key,
    cell: cellOf(config),
    seed,
    ...{ operation, modulus, train_fraction, learning_rate, weight_decay, beta2, softmax, layers },
    train_pairs: trainPairCount(modulus, train_fraction),
    memorized: milestones.memorized,
    grokked: milestones.grokked,
    first_crossing: milestones.first_crossing,
    evaluation_interval: milestones.evaluation_interval,
    ended: ended.epoch,
    ended_reason: ended.reason,
    final_train_loss: final.train_loss,
    final_test_loss: final.test_loss,
    final_train_accuracy: final.train_accuracy,
    final_test_accuracy: final.test_accuracy,
    best_test_accuracy: Math.max(final.test_accuracy, largest("test_accuracy")),
    loss_spikes,
    zero_loss_share: metrics.at(-1)?.zero_loss_share ?? 0,
    largest_zero_loss_share: largest("zero_loss_share"),
    key_frequencies: key_frequencies?.length ?? null,
    additive_W_E: sparsity?.additive.W_E ?? null,
    additive_W_L: sparsity?.additive.W_L ?? null,
    additive_logits: sparsity?.additive.logits ?? null,
    multiplicative_W_E: sparsity?.multiplicative?.W_E ?? null,
    multiplicative_W_L: sparsity?.multiplicative?.W_L ?? null,
    multiplicative_logits: sparsity?.multiplicative?.logits ?? null,
    has_weights: files["checkpoints.arrow"] !== undefined,
    engine: engine.name,
    created,
  };
}

/** A row per stored run that belongs to a cell of any grid. */
export const sweepRows = (runs: readonly StoredRun[], sweeps: readonly Experiment[]): SweepRow[] =>
  samplesOf(runs, sweeps).map(sweepRow);

/** sweeps: `sweepRows` of all that is stored. */
export function sweepsTable(runs: readonly StoredRun[] = storedRuns(), sweeps = SWEEPS): Uint8Array {
  return encode(sweepRows(runs, sweeps), ROW_COLUMNS);
}

const CURVES = {
  epoch: new Int32(),
  train_loss: new Float32(),
  test_loss: new Float32(),
  train_accuracy: new Float32(),
  test_accuracy: new Float32(),
  sum_squared_weights: new Float32(),
} satisfies Omit<{ [Name in keyof CurveRow]-?: DataType }, "run">;

const curveRow =
  ({ record }: StoredRun) =>
  ({ epoch, train_loss, test_loss, train_accuracy, test_accuracy, sum_squared_weights }: MetricsRow): CurveRow => ({
    run: record.key,
    ...{ epoch, train_loss, test_loss, train_accuracy, test_accuracy, sum_squared_weights },
  });

/** A row per run of `sweepRows` and stored evaluation. */
export const curveRows = (runs: readonly StoredRun[], sweeps: readonly Experiment[]): CurveRow[] =>
  samplesOf(runs, sweeps).flatMap((run) => readMetrics(run).map(curveRow(run)));

/** curves: `curveRows` of all that is stored. */
export function curvesTable(runs: readonly StoredRun[] = storedRuns(), sweeps = SWEEPS): Uint8Array {
  const rows = curveRows(runs, sweeps);
  return encode(rows, { run: runColumn(rows.length), ...CURVES });
}
