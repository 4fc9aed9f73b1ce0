/** The curves of the run that pages open with, small enough to be drawn before the database is there. */
import type { MetricsRow, ProgressRow } from "../../src/training/run-record.js";
import { readMetrics, readProgress } from "../run-store/store.js";
import { catalog } from "./catalog.js";
import { storedRuns } from "./stored-runs.js";

/** Significant digits kept: more than a pixel shows. */
const DIGITS = 5;

type Column = number[];

/** Columns of the first figure, all empty while the store has no such run; `run` is "" then. */
export function firstView(): { run: string; metrics: Record<string, Column>; progress: Record<string, Column> } {
  const runs = storedRuns();
  const { canonical } = catalog(runs);
  const run = runs.find(({ record }) => record.key === canonical);
  return {
    run: run?.record.key ?? "",
    metrics: columns(run ? readMetrics(run) : [], METRICS),
    progress: columns(run ? readProgress(run) : [], PROGRESS),
  };
}

const METRICS = [
  "epoch",
  "train_loss",
  "test_loss",
  "train_accuracy",
  "test_accuracy",
  "sum_squared_weights",
] as const satisfies (keyof MetricsRow)[];
const PROGRESS = ["epoch", "gini_W_E", "gini_W_L"] as const satisfies (keyof ProgressRow)[];

const columns = <Name extends string>(rows: readonly Record<Name, number>[], names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, rows.map((row) => Number(row[name].toPrecision(DIGITS)))]));
