/** What pages know of a stored run before any table is loaded: one entry of the catalogue. */
import type { RunConfig } from "../model/config.js";
import { OPERATION_LABELS } from "../model/operations.js";
import type { RunRecord } from "../training/run-record.js";
import { formatEpoch } from "./format.js";

export interface RunSummary
  extends Pick<
    RunRecord,
    | "key"
    | "config"
    | "engine"
    | "created"
    | "wall_seconds"
    | "milestones"
    | "key_frequencies"
    | "final"
    | "ended"
    | "versions"
  > {
  /** Under what the picker of runs lists it: "Main model", or the first sweep that it is in. */
  group: string;
  /** Number of training pairs. */
  train_pairs: number;
  /** Key frequencies by the norm of their logits in the final model, largest first: the order of their colours. */
  ranked_frequencies: number[];
  /** Epochs whose weights are stored, ascending; empty for a run without checkpoints. */
  checkpoints: number[];
}

/** The run of the paper's main model that pages open with, and its twin without weight decay. */
export interface Catalog {
  runs: RunSummary[];
  /** Key of the run that pages open with; null while the store has none. */
  canonical: string | null;
  /** Key of the same run without weight decay, the null twin of whole-run figures; null while the store has none. */
  twin: string | null;
}

const SHOWN: [field: keyof RunConfig, name: string, usual: unknown][] = [
  ["modulus", "p", 113],
  ["train_fraction", "train fraction", 0.3],
  ["layers", "layers", 1],
  ["d_model", "d_model", 128],
  ["d_mlp", "d_mlp", 512],
  ["learning_rate", "learning rate", 1e-3],
  ["weight_decay", "weight decay", 1],
  ["beta2", "β₂", 0.98],
  ["softmax", "softmax", "exact"],
];

/** A run in words: operation, seed, and whatever differs from the paper's main model. */
export function runLabel({ config }: Pick<RunSummary, "config">): string {
  const parts = [OPERATION_LABELS[config.operation], `seed ${config.seed}`];
  for (const [field, name, usual] of SHOWN) {
    if (config[field] !== usual) parts.push(`${name} ${String(config[field])}`);
  }
  return parts.join(", ");
}

/** The same within its group: what sets it apart from the main model, which most runs are but for one field. */
export function shortRunLabel({ config }: Pick<RunSummary, "config">): string {
  const differs = SHOWN.filter(([field, , usual]) => config[field] !== usual);
  const parts = differs.map(([field, name]) => `${name}${name === "p" ? " = " : " "}${String(config[field])}`);
  const usualOperation = config.operation === "add" && parts.length > 0;
  const operation = config.operation === "add" && !parts.length ? "main model" : OPERATION_LABELS[config.operation];
  return [...(usualOperation ? [] : [operation]), ...parts, `seed ${config.seed}`].join(", ");
}

/** Names of runs in the picker, by key: the short ones, with as much more as tells those apart that share one. */
export function pickerLabels(runs: readonly PickedRun[]): Map<string, string> {
  const told = (labels: readonly string[], more: (run: PickedRun) => string) =>
    labels.map((label, i) =>
      labels.filter((other) => other === label).length > 1 ? `${label}, ${more(runs[i])}` : label,
    );
  const byLength = told(runs.map(shortRunLabel), ({ ended }) => `${formatEpoch(ended.epoch)} epochs`);
  const labels = told(byLength, ({ key }) => key);
  return new Map(runs.map(({ key }, i) => [key, labels[i]]));
}

type PickedRun = Pick<RunSummary, "key" | "config"> & { ended: Pick<RunSummary["ended"], "epoch"> };

/** Whether a run trains the paper's main model, so that the paper's epochs can stand beside it. */
export function isMainModel({ config }: Pick<RunSummary, "config">): boolean {
  return config.operation === "add" && SHOWN.every(([field, , usual]) => config[field] === usual);
}

/** Why a figure of a whole run cannot be drawn at all; null where it can. */
export function missingRun(run: RunSummary | undefined, metrics: readonly unknown[]): string | null {
  if (!run) return "this run is not stored; `npm run grok -- train` trains the main model";
  return metrics.length ? null : "no evaluations are stored for this run";
}
