import { type RunConfig, SOFTMAXES } from "../../src/model/config.js";
import { sweep } from "./sweep-grid.js";

/** The main model, and those that earlier runs saw collapse: the highest learning rate and the deeper ones. */
const MODELS: readonly Partial<RunConfig>[] = [{}, { learning_rate: 1e-2 }, { layers: 2 }, { layers: 3 }];

export const numerics = sweep(
  "numerics",
  "Are loss spikes and collapses made by a float32 log-softmax, or by Adam's memory of small gradients? Exact and naive " +
    "softmax, each with β₂ of 0.98 and 0.999.",
  MODELS.flatMap((model) =>
    SOFTMAXES.flatMap((softmax) => [0.98, 0.999].map((beta2) => ({ ...model, softmax, beta2 }))),
  ),
);
