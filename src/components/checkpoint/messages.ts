/** What a page and its worker say to each other. */
import type { ModelTwin } from "../../analysis/model-view.js";
import type { Gap } from "../../derivations/derivation.js";
import type { RunSummary } from "../../figures/run-summary.js";
import type { CompiledStep } from "../../training/wasm/browser-host.js";

/** Told once, before any job. */
export interface Setup {
  kind: "setup";
  step: CompiledStep;
  /** Address of the compiled transforms of the analysis. */
  transforms: string;
  /** Address of the folder with the checkpoints of all runs. */
  checkpoints: string;
}

/** The part of a run's summary that a model is made from. */
export type RunWeights = Pick<
  RunSummary,
  "key" | "config" | "key_frequencies" | "ranked_frequencies" | "checkpoints" | "ended"
>;

/** One figure's data, wanted of one run or of a null twin in its place. */
export interface Job {
  kind: "job";
  id: number;
  /** The figure's id in the registry of derivations. */
  figure: string;
  run: RunWeights;
  /** The stored checkpoint nearest to it is used. */
  epoch: number;
  twin: ModelTwin | null;
  /** The run without weight decay, for the twin "memorized". */
  memorized?: RunWeights;
  /** The choices that the derivation reads. */
  choices: Record<string, unknown>;
}

export interface Answer {
  id: number;
  /** The figure's data, or why there are none. */
  data: object | Gap | { failure: string };
  /** Epochs of the weights that were used. */
  epochs: number[];
  /** Milliseconds that the job took, loading apart. */
  milliseconds: number;
}
