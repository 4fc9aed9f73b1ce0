/**
 * Where each weight tensor lives in one flat vector.
 *
 * All weights of a model are one Float32Array; a tensor is a window into it. Row-vector convention: x @ W.
 */
import type { ModelShape } from "./config.js";

export interface TensorSpec {
  /** The field's name: W_E, W_pos, blocks.0.W_Q, … W_U. */
  name: string;
  shape: readonly number[];
  /** First element in the flat vector. */
  offset: number;
  size: number;
}

export interface ParameterLayout {
  tensors: readonly TensorSpec[];
  /** Number of weights in all. */
  size: number;
}

/** Layout of a model's weights; the order is that of the forward pass. */
export function parameterLayout(shape: ModelShape): ParameterLayout {
  const { modulus: p, layers, d_model, heads, d_head, d_mlp } = shape;
  const tensors: TensorSpec[] = [];
  let offset = 0;
  const add = (name: string, ...dims: number[]) => {
    const size = dims.reduce((product, n) => product * n, 1);
    tensors.push({ name, shape: dims, offset, size });
    offset += size;
  };
  add("W_E", p + 1, d_model);
  add("W_pos", 3, d_model);
  for (let layer = 0; layer < layers; layer++) {
    add(`blocks.${layer}.W_Q`, heads, d_model, d_head);
    add(`blocks.${layer}.W_K`, heads, d_model, d_head);
    add(`blocks.${layer}.W_V`, heads, d_model, d_head);
    add(`blocks.${layer}.W_O`, heads, d_head, d_model);
    add(`blocks.${layer}.W_in`, d_model, d_mlp);
    add(`blocks.${layer}.b_in`, d_mlp);
    add(`blocks.${layer}.W_out`, d_mlp, d_model);
    add(`blocks.${layer}.b_out`, d_model);
  }
  add("W_U", d_model, p);
  return { tensors, size: offset };
}

/** The weights of one tensor: a view into `values`, not a copy. @throws RangeError for a name not in the layout */
export function tensor<T extends Float32Array | Float64Array>(layout: ParameterLayout, values: T, name: string): T {
  const spec = layout.tensors.find((candidate) => candidate.name === name);
  if (!spec) throw new RangeError(`no tensor named ${name}`);
  return values.subarray(spec.offset, spec.offset + spec.size) as T;
}
