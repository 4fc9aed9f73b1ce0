/** The data of figure 22 from the catalogue of runs, the stored paths and the tables. */
import type { ParameterPath } from "../../derivations/trajectories/parameter-path.js";
import { CONFIG_FIELDS, type RunConfig } from "../../model/config.js";
import type { MetricsRow } from "../../training/run-record.js";
import { formatEpoch } from "../format.js";
import { type RunSummary, runLabel } from "../run-summary.js";
import type { MeasuredPath } from "./length-and-loss.js";
import type { ParameterPathData } from "./parameter-path.js";

/** One evaluation of one of several runs. */
export type MeasuredRow = Pick<MetricsRow, "epoch" | "sum_squared_weights" | "test_loss"> & { run: string };

type Described = Pick<RunSummary, "key" | "config">;

/** Fields of which one alone makes a short name, and how it is written. */
const SHORT: Partial<Record<keyof RunConfig, string>> = {
  seed: "seed",
  weight_decay: "weight decay",
  train_fraction: "train fraction",
  learning_rate: "learning rate",
};

/** What tells two configurations apart, the length of the run aside. */
const differing = (a: RunConfig, b: RunConfig) =>
  CONFIG_FIELDS.filter((field) => field !== "epochs" && a[field] !== b[field]);

/** Whether two runs differ in nothing but the seed. */
export const isSeedOf = (a: RunConfig, b: RunConfig) => differing(a, b).every((field) => field === "seed");

/** A run's name beside another one: what is different. */
export function shortName(run: Described, beside: Described): string {
  const fields = differing(run.config, beside.config);
  const [field = "seed"] = fields;
  const name = SHORT[field];
  return fields.length < 2 && name ? `${name} ${run.config[field]}` : runLabel(run);
}

/** A run beside others of its name says in it how long it was trained: two may differ in that alone. */
function told(path: MeasuredPath, all: readonly MeasuredPath[]): MeasuredPath {
  if (all.every((other) => other === path || other.name !== path.name)) return path;
  return { ...path, name: `${path.name}, ${formatEpoch(path.points[path.points.length - 1].epoch)} epochs` };
}

export interface ParameterPathSources {
  /** Key of the run that is looked at. */
  run: string;
  runs: readonly Described[];
  /** Key of the run whose path is the plane for those that have none of their own. */
  reference: string | null;
  /** The stored path of a run; null for none. */
  pathOf(key: string): ParameterPath | null;
  /** Evaluations of the run, its other seeds and its twin, in order of epoch. */
  rows: readonly MeasuredRow[];
}

export function parameterPathData({ run, runs, reference, pathOf, rows }: ParameterPathSources): ParameterPathData {
  const own = pathOf(run);
  const beside = runs.find(({ key }) => key === (own ? run : (reference ?? run)));
  const placed = reference === null ? null : pathOf(reference);
  const path = own ?? (placed?.landmarks.some((landmark) => landmark.run === run) ? placed : null);
  const names = Object.fromEntries(beside ? runs.map((each) => [each.key, shortName(each, beside)]) : []);
  const keys = [...new Set(rows.map((row) => row.run))];
  const measured = keys.map((key): MeasuredPath => {
    const points = rows
      .filter((row) => row.run === key && row.test_loss > 0 && Number.isFinite(row.test_loss))
      .map((row) => ({ epoch: row.epoch, length: Math.sqrt(row.sum_squared_weights), loss: row.test_loss }));
    return { run: key, name: names[key] ?? key, chosen: key === run, points };
  });
  const drawn = measured.filter(({ points }) => points.length > 0);
  const missing = "of this run neither a path nor its last weights are stored";
  return { run, path, own: own !== null, names, measured: drawn.map((each) => told(each, drawn)), missing };
}
