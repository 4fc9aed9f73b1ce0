/** The curves of the run that pages open with, small enough to be drawn before the database is there. */

import type { Phases } from "../../src/analysis/phases.js";
import { phasesOfRun } from "../../src/figures/training-dynamics/run-phases.js";
import type { MetricsRow, ProgressRow } from "../../src/training/run-record.js";
import { readMetrics, readProgress } from "../run-store/store.js";
import { catalog } from "./catalog.js";
import { storedRuns } from "./stored-runs.js";

/** Significant digits kept: more than a pixel shows. */
const DIGITS = 5;

/** A null is a value that the run does not have. */
type Column = (number | null)[];

export interface FirstView {
  /** Key of the run; "" while the store has none to open with. */
  run: string;
  metrics: Record<string, Column>;
  progress: Record<string, Column>;
  phases: Phases;
}

/** Columns of the first figure, all empty while the store has no such run. */
export function firstView(): FirstView {
  const runs = storedRuns();
  const { canonical } = catalog(runs);
  const run = runs.find(({ record }) => record.key === canonical);
  const metrics = run ? readMetrics(run) : [];
  const progress = run ? readProgress(run) : [];
  return {
    run: run?.record.key ?? "",
    metrics: columns(metrics, METRICS),
    progress: columns(progress, PROGRESS),
    phases: phasesOfRun(metrics, progress),
  };
}

const METRICS = [
  "epoch",
  "train_loss",
  "test_loss",
  "train_accuracy",
  "test_accuracy",
  "test_accuracy_seen_mirror",
  "test_accuracy_unseen_mirror",
  "sum_squared_weights",
] as const satisfies (keyof MetricsRow)[];
const PROGRESS = ["epoch", "gini_W_E", "gini_W_L"] as const satisfies (keyof ProgressRow)[];

const columns = <Name extends string>(rows: readonly Record<Name, number | null>[], names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, rows.map((row) => rounded(row[name]))]));

const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(DIGITS)));
