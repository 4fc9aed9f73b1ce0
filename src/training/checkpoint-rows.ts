/** Checkpoints as rows of tensors: 16-bit integers times one scale per tensor, or float32; and back. */
import type { ModelShape } from "../model/config.js";
import { parameterLayout } from "../model/parameters.js";
import type { CheckpointRow } from "./run-record.js";

const INT16_MAX = 32767;

/**
 * One checkpoint's rows, a tensor each.
 *
 * @param parameters flat weights in the order of `parameterLayout`
 */
export function packCheckpoint(
  shape: ModelShape,
  epoch: number,
  parameters: Float32Array,
  type: CheckpointRow["type"],
): CheckpointRow[] {
  return parameterLayout(shape).tensors.map((spec) => {
    const values = parameters.slice(spec.offset, spec.offset + spec.size);
    const row = { epoch, name: spec.name, shape: [...spec.shape], type };
    if (type === "float32") return { ...row, scale: 1, values: new Uint8Array(values.buffer) };
    // Zero for an all-zero tensor, whose values are zero under any scale.
    const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / INT16_MAX || 1;
    const scaled = Int16Array.from(values, (value) => Math.round(value / scale));
    return { ...row, scale, values: new Uint8Array(scaled.buffer) };
  });
}

/**
 * Flat weights from one checkpoint's rows, in any order.
 *
 * @throws RangeError for a tensor that is missing or not of the shape's size
 */
export function unpackCheckpoint(shape: ModelShape, rows: readonly CheckpointRow[]): Float32Array {
  const layout = parameterLayout(shape);
  const parameters = new Float32Array(layout.size);
  for (const spec of layout.tensors) {
    const row = rows.find((candidate) => candidate.name === spec.name);
    // A copy starts at an even address; a window into an Arrow buffer may not.
    const bytes = row?.values.slice();
    const stored = row?.type === "int16" ? new Int16Array(bytes!.buffer) : bytes && new Float32Array(bytes.buffer);
    if (!row || !stored || stored.length !== spec.size) {
      throw new RangeError(`checkpoint: tensor ${spec.name} of ${spec.size} values is missing or of another size`);
    }
    for (let i = 0; i < spec.size; i++) parameters[spec.offset + i] = stored[i] * row.scale;
  }
  return parameters;
}
