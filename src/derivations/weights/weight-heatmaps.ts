/** Figure 13 from a checkpoint: every weight matrix, raw or in the Fourier basis. */
import type { ModelView } from "../../analysis/model-view.js";
import { WAVE_MATRICES, type WaveMatrix } from "../../analysis/weight-waves.js";
import { type DerivationChoices, integerChoice, namedChoice } from "../derivation.js";
import { type Frequencies, frequenciesOf } from "../fourier/frequencies.js";
import { TENSORS, TRANSFORMS, type Transform } from "./choices.js";
import {
  type HeatMatrix,
  keyShare,
  matrixContext,
  type NeuronColumns,
  neuronColumns,
  rawMatrix,
  waveMatrix,
} from "./matrices.js";

export interface WeightHeatmapsData extends Frequencies {
  transform: Transform;
  layer: number;
  layers: number;
  matrices: HeatMatrix[];
  /** Clusters of neurons along the columns; empty for raw weights, whose neurons are in their own order. */
  stretches: NeuronColumns["stretches"];
  /** Share of the energy of each matrix's waves in the rows of the key frequencies; null where there are none. */
  shares: { name: WaveMatrix; share: number | null }[];
  /** What that share would be if all rows were alike. */
  evenShare: number | null;
}

export function deriveWeightHeatmaps(view: ModelView, choices: DerivationChoices): WeightHeatmapsData {
  const { layers } = view.config;
  const transform = namedChoice(choices, "transform", TRANSFORMS, "Fourier");
  const layer = integerChoice(choices, "layer", [1, layers], layers);
  const plain = matrixContext(view, layer);
  const columns = neuronColumns(plain);
  const context = { ...plain, neuronColumns: columns };
  const matrices =
    transform === "raw"
      ? TENSORS.map((name) => rawMatrix(context, name))
      : WAVE_MATRICES.map((name) => waveMatrix(context, name));
  const shares =
    transform === "raw"
      ? WAVE_MATRICES.map((name) => ({ name, share: keyShare(context, name) }))
      : matrices.map(({ name, share }) => ({ name: name as WaveMatrix, share }));
  const keyCount = view.keyFrequencies?.length;
  return {
    ...frequenciesOf(view),
    transform,
    layer,
    layers,
    matrices,
    stretches: transform === "raw" ? [] : columns.stretches,
    shares,
    evenShare: keyCount ? (2 * keyCount) / (plain.answers.size - 1) : null,
  };
}
