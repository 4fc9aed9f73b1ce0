/** Which cell of a grid a run is a sample of. */
import type { RunConfig } from "../../src/model/config.js";
import type { RunRecord } from "../../src/training/run-record.js";
import { runKey } from "../run-store/run-key.js";

/** A cell is named by the key of its run of seed 0. */
export const cellOf = (config: RunConfig): string => runKey({ ...config, seed: 0 });

/** The cell that a run is a sample of; null where it continues other weights, which makes it a sample of none. */
export const sampledCell = ({ config, started_from }: Pick<RunRecord, "config" | "started_from">): string | null =>
  started_from ? null : cellOf(config);
