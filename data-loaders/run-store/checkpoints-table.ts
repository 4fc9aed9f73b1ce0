/** checkpoints.arrow, written and read. */
import { Binary, type DataType, Field, Float64, Int32, List, Utf8 } from "apache-arrow";
import type { ModelShape } from "../../src/model/config.js";
import { packCheckpoint, unpackCheckpoint } from "../../src/training/checkpoint-rows.js";
import type { CheckpointRow } from "../../src/training/run-record.js";
import { decodeTable, encodeTable } from "./tables.js";

export const CHECKPOINT_COLUMNS: { [Name in keyof CheckpointRow]: DataType } = {
  epoch: new Int32(),
  name: new Utf8(),
  shape: new List(new Field("item", new Int32(), true)),
  type: new Utf8(),
  scale: new Float64(),
  values: new Binary(),
};

export interface Checkpoint {
  epoch: number;
  /** Flat weights in the order of `parameterLayout`. */
  parameters: Float32Array;
}

/** All but the last as Int16; the last as `finalType`. */
export function encodeCheckpoints(
  shape: ModelShape,
  checkpoints: readonly Checkpoint[],
  finalType: CheckpointRow["type"],
): Uint8Array {
  const rows = checkpoints.flatMap(({ epoch, parameters }, i) =>
    packCheckpoint(shape, epoch, parameters, i === checkpoints.length - 1 ? finalType : "int16"),
  );
  return encodeTable(rows, CHECKPOINT_COLUMNS);
}

/** Checkpoints, ascending. @throws Error in one line for other columns, RangeError for tensors of another shape */
export function decodeCheckpoints(shape: ModelShape, bytes: Uint8Array): Checkpoint[] {
  const { rows } = decodeTable<CheckpointRow>(bytes, CHECKPOINT_COLUMNS);
  const epochs = [...new Set(rows.map((row) => row.epoch))].sort((a, b) => a - b);
  return epochs.map((epoch) => ({
    epoch,
    parameters: unpackCheckpoint(
      shape,
      rows.filter((row) => row.epoch === epoch),
    ),
  }));
}
