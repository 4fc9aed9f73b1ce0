/** Figure 14 from several checkpoints: one weight matrix over training, and the squared weights of all. */
import type { ModelWeights } from "../../analysis/model-view.js";
import type { WaveMatrix } from "../../analysis/weight-waves.js";
import { type DerivationChoices, integerChoice, namedChoice, type SeriesDerivation } from "../derivation.js";
import { type Frequencies, frequenciesOf } from "../fourier/frequencies.js";
import { SHOWN_CHECKPOINTS, TENSORS, type TensorName, TRANSFORMS, type Transform } from "./choices.js";
import {
  type HeatMatrix,
  isWithoutWaves,
  matrixContext,
  type NeuronColumns,
  neuronColumns,
  rawMatrix,
  squaredWeights,
  waveMatrix,
} from "./matrices.js";

export interface WeightEvolutionData extends Frequencies {
  matrix: TensorName;
  transform: Transform;
  layers: number;
  /** Ascending. */
  checkpoints: { epoch: number; heat: HeatMatrix; squares: Record<TensorName, number> }[];
  /** Clusters of neurons of the last checkpoint, along the columns of all; empty where there are no neurons. */
  stretches: NeuronColumns["stretches"];
}

/**
 * The chosen epochs, each by the nearest stored one; without a choice, the stored ones at even steps, which lie closer
 * where the run changes fastest.
 *
 * @param choices `epochs`: whole numbers with commas between them, or ""
 */
export function chosenEpochs(stored: readonly number[], choices: DerivationChoices): number[] {
  const asked = typeof choices.epochs === "string" ? choices.epochs.split(",").filter(Boolean).map(Number) : [];
  const nearest = (epoch: number) =>
    stored.reduce((best, next) => (Math.abs(next - epoch) < Math.abs(best - epoch) ? next : best), stored[0]);
  const count = Math.min(SHOWN_CHECKPOINTS, stored.length);
  const even = Array.from(
    { length: count },
    (_, i) => stored[Math.round((i * (stored.length - 1)) / Math.max(1, count - 1))],
  );
  const epochs = asked.length ? asked.map(nearest) : even;
  return [...new Set(epochs)].sort((a, b) => a - b);
}

function derive(models: readonly ModelWeights[], choices: DerivationChoices): WeightEvolutionData {
  const last = models[models.length - 1];
  const { layers } = last.config;
  const layer = integerChoice(choices, "layer", [1, layers], layers);
  const matrix = namedChoice(choices, "matrix", TENSORS, "W_E");
  const transform = isWithoutWaves(matrix) ? "raw" : namedChoice(choices, "transform", TRANSFORMS, "Fourier");
  const columns = neuronColumns(matrixContext(last, layer));
  const checkpoints = models.map((model) => {
    const context = { ...matrixContext(model, layer), neuronColumns: columns };
    const heat = transform === "raw" ? rawMatrix(context, matrix) : waveMatrix(context, matrix as WaveMatrix);
    return { epoch: model.epoch, heat, squares: squaredWeights(model) };
  });
  const inOrder = checkpoints[0].heat.overNeurons && transform === "Fourier";
  return {
    ...frequenciesOf(last),
    matrix,
    transform,
    layers,
    checkpoints,
    stretches: inOrder ? columns.stretches : [],
  };
}

export const weightEvolutionSeries: SeriesDerivation<WeightEvolutionData> = { epochs: chosenEpochs, derive };
