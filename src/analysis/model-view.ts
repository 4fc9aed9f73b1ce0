/** A model at one checkpoint, looked at from all sides: its weights and what it computes for all p² pairs. */
import type { RunConfig } from "../model/config.js";
import { type Split, splitPairs } from "../model/dataset.js";
import { initialParameters } from "../model/initialise.js";
import type { Inspect } from "../training/engine.js";
import { additiveCharacters, answerCharacters, hasCharacters } from "./characters.js";
import { topFrequencies } from "./key-frequencies.js";
import { classSpectrum, neuronLogitMap } from "./spectra.js";

/** The null twins of a checkpoint: a figure that looks the same on one of them says nothing about the circuit. */
export const MODEL_TWINS = ["random weights", "memorized"] as const;
export type ModelTwin = (typeof MODEL_TWINS)[number];

/** Weights of a model, and what they are. */
export interface ModelWeights {
  config: RunConfig;
  epoch: number;
  /** Of the run's final model, frozen, ascending; of a twin, as many of its own top frequencies. Null for none. */
  keyFrequencies: number[] | null;
  /** The same by energy in the final model, largest first: the order of their colours. */
  rankedFrequencies: readonly number[];
  /** Which null twin this is; null for a trained run. */
  twin: ModelTwin | null;
  /** Flat, in the order of `parameterLayout`. */
  parameters: Float32Array;
}

export interface ModelView extends ModelWeights {
  split: Split;
  /** [p², p], row a·p + b */
  logits: Float32Array;
  /** Per layer, attention of the "=" position to a, b and "=": [p², heads, 3]. */
  attention: Float32Array[];
  /** Per layer, MLP activations after the ReLU at "=": [p², d_mlp]. */
  hidden: Float32Array[];
}

/** Runs the model on all pairs. */
export async function viewModel(weights: ModelWeights, inspect: Inspect): Promise<ModelView> {
  const { logits, attention, hidden } = await inspect(weights.config, weights.parameters);
  return { ...weights, split: splitPairs(weights.config), logits, attention, hidden };
}

/** Keeps the seed of random twins apart from those of the stored runs. */
const TWIN_SEED = 1_000_003;

/**
 * The twin with random weights: a fresh model of the same size, from another seed, with the split of the run.
 *
 * @param count number of frequencies that it names its key ones: as many as the run has
 */
export function randomTwin(config: RunConfig, count: number): ModelWeights {
  const seed = (config.seed + TWIN_SEED) % 2 ** 31;
  const parameters = initialParameters({ ...config, seed });
  return asTwin("random weights", { config, epoch: 0, parameters }, count);
}

/** A model in the role of a twin: its key frequencies are the `count` largest of its neuron–logit map. */
export function asTwin(
  twin: ModelTwin,
  { config, epoch, parameters }: Pick<ModelWeights, "config" | "epoch" | "parameters">,
  count: number,
): ModelWeights {
  const { operation, modulus, d_mlp } = config;
  const answers = hasCharacters(operation, modulus)
    ? answerCharacters(operation, modulus)
    : additiveCharacters(modulus);
  const norms = classSpectrum(neuronLogitMap(config, parameters), d_mlp, answers);
  const top = topFrequencies(norms, count);
  const ranked = [...top].sort((j, k) => norms[k - 1] - norms[j - 1]);
  return { config, epoch, parameters, twin, keyFrequencies: count ? top : null, rankedFrequencies: ranked };
}

const remembered = new WeakMap<ModelView, Map<string, unknown>>();

/** Computes a quantity of a view once, for all the figures that need it; it is dropped with the view. */
export function once<T>(view: ModelView, name: string, compute: () => T): T {
  const known = remembered.get(view) ?? new Map<string, unknown>();
  remembered.set(view, known);
  if (!known.has(name)) known.set(name, compute());
  return known.get(name) as T;
}
