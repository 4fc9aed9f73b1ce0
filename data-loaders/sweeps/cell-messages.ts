/** What a sweep and the process that trains some of its runs say to each other. */
import type { RunConfig } from "../../src/model/config.js";
import type { EarlyEnd } from "../../src/training/early-end.js";
import type { RunRecord } from "../../src/training/run-record.js";
import type { EngineName } from "../engines.js";
import type { Keep } from "../experiments/experiment.js";

/** One run to be trained. */
export interface CellRun {
  key: string;
  config: RunConfig;
  keep: Keep;
  earlyEnd?: EarlyEnd;
}

export interface CellRequest {
  /** Of one shape where the engine trains batches; else one. */
  runs: CellRun[];
  store: string;
  engine: EngineName;
  backend?: string;
}

export type ToCell = { kind: "train"; request: CellRequest } | { kind: "stop" };

/** How one run was left. */
export type CellEnd =
  | { kind: "ended"; ended: RunRecord["ended"]; milestones: RunRecord["milestones"]; wallSeconds: number }
  | { kind: "stopped"; epoch: number }
  /** Another process trains it. */
  | { kind: "locked"; message: string }
  | { kind: "failed"; message: string };

export type FromCell =
  | { kind: "ready" }
  | { kind: "at"; key: string; epoch: number }
  | { kind: "over"; key: string; how: CellEnd }
  /** The device takes at most so many of the runs at a time; none was begun. */
  | { kind: "too_many"; most: number };

/** The hidden option that turns `grok sweep` into a process that trains runs. */
export const CELL_OPTION = "--cell";
