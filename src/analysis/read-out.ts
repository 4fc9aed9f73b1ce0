/**
 * How the last block's neurons reach the logits: logits = hidden W_L + direct, with W_L = W_out W_U, and direct what the
 * residual stream carries past the MLP.
 */
import type { ModelShape } from "../model/config.js";
import { POSITIONS } from "../model/forward.js";
import type { Inspection } from "../training/engine.js";
import { factoredTables } from "./factored-tables.js";
import { product } from "./matrix.js";
import { neuronLogitMap } from "./spectra.js";

export interface ReadOut {
  /** W_L: [d_mlp, p] */
  map: Float64Array;
  /** Logits that do not pass the last MLP: [p², p]. */
  direct: Float32Array;
  /** Logits that do, hidden W_L: [p², p]. */
  throughMlp: Float32Array;
}

/** @param all what the model computes for all pairs, in the order of their codes */
export function readOutOf(shape: ModelShape, parameters: Float32Array, all: Inspection): ReadOut {
  const map = neuronLogitMap(shape, parameters);
  const direct =
    shape.layers === 1 ? directByTables(shape, parameters, all.attention[0]) : directByDifference(shape, map, all);
  return { map, direct, throughMlp: all.logits.map((logit, i) => logit - direct[i]) };
}

function directByTables(shape: ModelShape, parameters: Float32Array, attention: Float32Array): Float32Array {
  const { modulus: p, heads } = shape;
  const { constant, first, second } = factoredTables(shape, parameters, "direct logits");
  const out = new Float32Array(p ** 3);
  const row = new Float64Array(p);
  for (let code = 0; code < p * p; code++) {
    row.set(constant);
    for (let h = 0; h < heads; h++) {
      const weights = (code * heads + h) * POSITIONS;
      const onFirst = attention[weights];
      const onSecond = attention[weights + 1];
      const rowA = (h * p + Math.floor(code / p)) * p;
      const rowB = (h * p + (code % p)) * p;
      for (let c = 0; c < p; c++) row[c] += onFirst * first[rowA + c] + onSecond * second[rowB + c];
    }
    out.set(row, code * p);
  }
  return out;
}

function directByDifference({ modulus: p, layers, d_mlp }: ModelShape, map: Float64Array, all: Inspection) {
  const through = product(all.hidden[layers - 1], map, p * p, d_mlp, p);
  return all.logits.map((logit, i) => logit - through[i]);
}
