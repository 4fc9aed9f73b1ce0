/** All sweeps, in the order of their pages. A cell that several of them share is one configuration: one key, one run. */
import { depth } from "./depth.js";
import { effectiveWeightDecay } from "./effective-weight-decay.js";
import type { Experiment } from "./experiment.js";
import { learningRate } from "./learning-rate.js";
import { modulus } from "./modulus.js";
import { numerics } from "./numerics.js";
import { operations } from "./operations.js";
import { trainFraction } from "./train-fraction.js";
import { weightDecay } from "./weight-decay.js";

export const SWEEPS: readonly Experiment[] = [
  weightDecay,
  trainFraction,
  learningRate,
  operations,
  depth,
  effectiveWeightDecay,
  modulus,
  numerics,
];
