/** Weights from the bytes of a checkpoint file of the site. */
import { tableFromIPC } from "apache-arrow";
import type { ModelShape } from "../../model/config.js";
import { unpackCheckpoint } from "../../training/checkpoint-rows.js";
import type { CheckpointRow } from "../../training/run-record.js";

/**
 * @param bytes an Arrow IPC stream with the columns of `CheckpointRow`
 * @returns flat weights in the order of `parameterLayout`
 * @throws Error in one line for a file that is not a whole checkpoint of this shape
 */
export function decodeCheckpoint(shape: ModelShape, bytes: ArrayBuffer): Float32Array {
  let rows: CheckpointRow[];
  try {
    rows = tableFromIPC(new Uint8Array(bytes))
      .toArray()
      .map((row) => row.toJSON() as unknown as CheckpointRow);
  } catch {
    throw new Error("the file of this checkpoint is not a whole Arrow stream");
  }
  return unpackCheckpoint(shape, rows);
}
