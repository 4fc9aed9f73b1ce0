/** What pages know of a stored run before any table is loaded: one entry of the catalogue. */
import type { RunConfig } from "../model/config.js";
import { OPERATION_LABELS } from "../model/operations.js";
import type { RunRecord } from "../training/run-record.js";

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
