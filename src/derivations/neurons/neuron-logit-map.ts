/** Figure 16: the neuron–logit map W_L, a row per neuron, over the classes or their Fourier components. */
import { answerCharacters, hasCharacters } from "../../analysis/characters.js";
import { rowLabel } from "../../analysis/fourier.js";
import { topFrequencies } from "../../analysis/key-frequencies.js";
import { type ModelView, once } from "../../analysis/model-view.js";
import { classDirections, rankFor, residualShare, singularValues } from "../../analysis/neuron-logit-map.js";
import { classSpectrum, neuronLogitMap } from "../../analysis/spectra.js";
import { type DerivationChoices, type Gap, isGap, namedChoice } from "../derivation.js";
import { operationGrid } from "../operation-grid.js";
import { CLASS_AXES, type ClassAxis } from "./choices.js";
import { type ClusterStretch, classCoefficients, neuronOrder, neuronWaves } from "./neuron-waves.js";

/** Frequencies that a model without key ones is measured on, as many as the main model of the paper has. */
const WITHOUT_KEYS = 5;

export interface NeuronLogitMapData {
  classAxis: ClassAxis;
  /** Neuron in each row. */
  neurons: Uint16Array;
  stretches: ClusterStretch[];
  /** Frequency that explains each row's neuron best, and its share. */
  best: Uint16Array;
  fve: Float32Array;
  ranked: readonly number[];
  /** Name of each column: a class, or a Fourier component of the classes. */
  columns: string[];
  /** Rows are neurons, columns as named: [neurons, columns]. */
  map: Float32Array;
  /** Singular values of W_L, descending. */
  singularValues: Float32Array;
  /** Singular values that hold 99.5 % of ‖W_L‖². */
  rank: number;
  /** ‖W_L − its projection on the waves of these frequencies‖ / ‖W_L‖. */
  residual: number;
  residualFrequencies: number[];
}

export function deriveNeuronLogitMap(view: ModelView, choices: DerivationChoices): NeuronLogitMapData | Gap {
  const grid = operationGrid(view);
  if (isGap(grid)) return grid;
  const { operation, modulus: p, d_mlp, layers } = view.config;
  if (!hasCharacters(operation, p)) return { gap: `modulus ${p} is not prime, so that the answers have no waves` };
  const classAxis = namedChoice(choices, "classes", CLASS_AXES, "Fourier");
  const { neurons, stretches } = neuronOrder(view, grid, layers);
  const { best, fve } = neuronWaves(view, grid, layers).frequencies;
  const W_L = once(view, "W_L", () => neuronLogitMap(view.config, view.parameters));
  const answers = answerCharacters(operation, p);
  const shape = once(view, "shape of W_L", () => {
    const values = singularValues(W_L, d_mlp, p);
    const frequencies = view.keyFrequencies ?? topFrequencies(classSpectrum(W_L, d_mlp, answers), WITHOUT_KEYS);
    const residual = residualShare(W_L, d_mlp, classDirections(answers, frequencies));
    return { values, frequencies, residual, rank: rankFor(values) };
  });
  const columns =
    classAxis === "raw"
      ? Array.from(answers.residues, String)
      : Array.from({ length: answers.size }, (_, row) => rowLabel(row));
  const coefficients = classAxis === "raw" ? null : classCoefficients(view);
  const map = new Float32Array(d_mlp * columns.length);
  neurons.forEach((neuron, row) => {
    for (let c = 0; c < columns.length; c++) {
      map[row * columns.length + c] = coefficients
        ? coefficients[c * d_mlp + neuron]
        : W_L[neuron * p + answers.residues[c]];
    }
  });
  return {
    classAxis,
    neurons,
    stretches,
    best: Uint16Array.from(neurons, (neuron) => best[neuron]),
    fve: Float32Array.from(neurons, (neuron) => fve[neuron]),
    ranked: view.rankedFrequencies,
    columns,
    map,
    singularValues: Float32Array.from(shape.values),
    rank: shape.rank,
    residual: shape.residual,
    residualFrequencies: [...shape.frequencies],
  };
}
