/** The weight matrices of a model as they are drawn: raw, or as waves over tokens and classes with the key ones first. */
import {
  additiveCharacters,
  answerCharacters,
  type Characters,
  hasCharacters,
  tokenCharacters,
} from "../../analysis/characters.js";
import { rowLabel, rowsOf } from "../../analysis/fourier.js";
import { transpose } from "../../analysis/matrix.js";
import type { ModelWeights } from "../../analysis/model-view.js";
import {
  besideEachOther,
  isOverClasses,
  rowShare,
  rowsByFrequency,
  WAVE_MATRICES,
  WAVE_PATHS,
  type WaveMatrix,
  type WeightWaves,
  weightWaves,
} from "../../analysis/weight-waves.js";
import { parameterLayout, tensor } from "../../model/parameters.js";
import { TENSORS, type TensorName } from "./choices.js";

/** What has neither a row per token nor one per class on the way, so that it has no waves. */
export const isWithoutWaves = (name: TensorName) => !WAVE_MATRICES.includes(name as WaveMatrix);

export interface HeatMatrix {
  name: TensorName;
  /** The product that is drawn: "W_E W_K"; of raw weights the matrix itself, "W_outᵀ" where it is turned. */
  path: string;
  rows: number;
  columns: number;
  /** [rows, columns] */
  values: Float32Array;
  /** What rows and columns are. */
  axes: readonly [rows: string, columns: string];
  /** Whether the columns are neurons. */
  overNeurons: boolean;
  /** Rows of key frequencies on top, each with its frequency; empty where rows are no waves, or none is key. */
  keyRows: readonly number[];
  /** Names of the rows; null where they are numbered. */
  rowNames: readonly string[] | null;
  /** Share of the energy in the rows of the key frequencies, the constant left out; null where there are none. */
  share: number | null;
}

/** Neurons by the frequency that they write most, those of one frequency beside each other. */
export interface NeuronColumns {
  /** Neuron in each column. */
  neurons: Uint16Array;
  stretches: { frequency: number; from: number; to: number }[];
}

export interface MatrixContext {
  model: ModelWeights;
  /** Counted from 1. */
  layer: number;
  tokens: Characters;
  answers: Characters;
  /** Order of the neurons in waves; their own where it is null. */
  neuronColumns: NeuronColumns | null;
}

/** What matrices are read with: the right basis of the operation, the additive one where it has none for the modulus. */
export function matrixContext(model: ModelWeights, layer: number): MatrixContext {
  const { operation, modulus } = model.config;
  const right = hasCharacters(operation, modulus);
  const tokens = right ? tokenCharacters(operation, modulus) : additiveCharacters(modulus);
  const answers = right ? answerCharacters(operation, modulus) : tokens;
  return { model, layer, tokens, answers, neuronColumns: null };
}

/** Waves of a matrix. */
export function wavesOf({ model, layer, tokens, answers }: MatrixContext, name: WaveMatrix): WeightWaves {
  return weightWaves(model.config, model.parameters, name, layer, { tokens, answers });
}

/** Frequencies that are key in the rows of a matrix: they are numbered in the basis of the answers. */
function keysFor({ model, tokens, answers }: MatrixContext, name: WaveMatrix): readonly number[] {
  const sameBasis = isOverClasses(name) || tokens.kind === answers.kind;
  return sameBasis && model.keyFrequencies ? model.rankedFrequencies : [];
}

/** Share of a matrix's energy in the rows of the key frequencies; null where there are none. */
export function keyShare(context: MatrixContext, name: WaveMatrix, waves = wavesOf(context, name)): number | null {
  const keys = keysFor(context, name);
  return keys.length ? rowShare(waves, keys) : null;
}

/** A matrix in the Fourier basis, rows of key frequencies first, neurons in their order. */
export function waveMatrix(context: MatrixContext, name: WaveMatrix): HeatMatrix {
  const waves = wavesOf(context, name);
  const keys = keysFor(context, name);
  const order = rowsByFrequency(waves.rows, keys);
  const { columns } = waves;
  const overNeurons = name === "W_in" || name === "W_out";
  const sources = overNeurons ? context.neuronColumns?.neurons : undefined;
  const values = new Float32Array(order.length * columns);
  order.forEach((row, i) => {
    for (let j = 0; j < columns; j++)
      values[i * columns + j] = waves.values[row * columns + (sources ? sources[j] : j)];
  });
  return {
    name,
    path: WAVE_PATHS[name],
    rows: order.length,
    columns,
    values,
    axes: [isOverClasses(name) ? "waves over the classes" : "waves over the tokens", columnAxis(name)],
    overNeurons,
    keyRows: keys.flatMap((k) => rowsOf(k, waves.rows).map(() => k)),
    rowNames: order.map(rowLabel),
    share: keyShare(context, name, waves),
  };
}

const columnAxis = (name: TensorName) =>
  name === "W_Q" || name === "W_K" || name === "W_V"
    ? "dimensions of the heads"
    : name === "W_in" || name === "W_out" || name === "b_in"
      ? "neurons"
      : "dimensions of the residual stream";

/** The weights themselves; neurons always run along the columns. */
export function rawMatrix({ model: { config, parameters }, layer }: MatrixContext, name: TensorName): HeatMatrix {
  const { modulus: p, d_model, heads, d_head, d_mlp } = config;
  const layout = parameterLayout(config);
  const inBlock = layout.tensors.find((spec) => spec.name === `blocks.${layer - 1}.${name}`);
  const weights = tensor(layout, parameters, inBlock ? inBlock.name : name);
  const residual = "dimensions of the residual stream";
  const of = (
    rows: number,
    columns: number,
    values: ArrayLike<number>,
    axes: [string, string],
    path: string = name,
  ) => ({
    ...{ name, path, rows, columns, values: Float32Array.from(values), axes, keyRows: [], rowNames: null, share: null },
    overNeurons: axes[1] === "neurons",
  });
  if (name === "W_E") return of(p + 1, d_model, weights, ["tokens, “=” last", residual]);
  if (name === "W_pos") return of(3, d_model, weights, ["positions", residual]);
  if (name === "W_U") return of(d_model, p, weights, [residual, "classes"]);
  if (name === "W_O") return of(heads * d_head, d_model, weights, ["dimensions of the heads", residual]);
  if (name === "W_in") return of(d_model, d_mlp, weights, [residual, "neurons"]);
  if (name === "W_out") return of(d_model, d_mlp, transpose(weights, d_mlp, d_model), [residual, "neurons"], "W_outᵀ");
  if (name === "b_in") return of(1, d_mlp, weights, ["", "neurons"]);
  if (name === "b_out") return of(1, d_model, weights, ["", residual]);
  return of(d_model, heads * d_head, besideEachOther(weights, heads, d_model, d_head), [residual, columnAxis(name)]);
}

/** Neurons by the frequency of their largest wave in W_L, key ones first; within one by phase, so that they are alike. */
export function neuronColumns(context: MatrixContext): NeuronColumns {
  const { rows, columns, values } = wavesOf(context, "W_out");
  const count = Math.floor(rows / 2);
  const best = new Uint16Array(columns);
  const phase = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let largest = -1;
    for (let k = 1; k <= count; k++) {
      const [cosine, sine] = rowsOf(k, rows).map((row) => values[row * columns + j]);
      const norm = Math.hypot(cosine, sine ?? 0);
      if (norm <= largest) continue;
      largest = norm;
      best[j] = k;
      phase[j] = Math.atan2(sine ?? 0, cosine);
    }
  }
  const keys = keysFor(context, "W_out");
  const rank = (k: number) => (keys.includes(k) ? keys.indexOf(k) : keys.length + k);
  const neurons = Uint16Array.from({ length: columns }, (_, j) => j).sort(
    (i, j) => rank(best[i]) - rank(best[j]) || phase[i] - phase[j],
  );
  const stretches: NeuronColumns["stretches"] = [];
  neurons.forEach((neuron, at) => {
    const last = stretches[stretches.length - 1];
    if (last?.frequency === best[neuron]) last.to = at + 1;
    else stretches.push({ frequency: best[neuron], from: at, to: at + 1 });
  });
  return { neurons, stretches };
}

/** Σw² of the tensors of each name, over all layers. */
export function squaredWeights({ config, parameters }: ModelWeights): Record<TensorName, number> {
  const sums = Object.fromEntries(TENSORS.map((name) => [name, 0])) as Record<TensorName, number>;
  for (const { name, offset, size } of parameterLayout(config).tensors) {
    const short = name.split(".").at(-1) as TensorName;
    for (let i = offset; i < offset + size; i++) sums[short] += parameters[i] * parameters[i];
  }
  return sums;
}
