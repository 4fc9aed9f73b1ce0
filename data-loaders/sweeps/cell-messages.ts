/** What a sweep and the process that trains one of its runs say to each other. */
import type { RunConfig } from "../../src/model/config.js";
import type { EarlyEnd } from "../../src/training/early-end.js";
import type { RunRecord } from "../../src/training/run-record.js";
import type { Keep } from "../experiments/experiment.js";
import type { SweepEngine } from "./inventory.js";

export interface CellRequest {
  config: RunConfig;
  keep: Keep;
  store: string;
  engine: SweepEngine;
  backend?: string;
  earlyEnd?: EarlyEnd;
}

export type ToCell = { kind: "train"; request: CellRequest } | { kind: "stop" };

export type FromCell =
  | { kind: "ready" }
  | { kind: "at"; epoch: number }
  | { kind: "ended"; ended: RunRecord["ended"]; milestones: RunRecord["milestones"]; wallSeconds: number }
  | { kind: "stopped"; epoch: number }
  /** Another process trains it. */
  | { kind: "locked"; message: string }
  | { kind: "failed"; message: string };

/** The hidden option that turns `grok sweep` into a process that trains one run. */
export const CELL_OPTION = "--cell";
