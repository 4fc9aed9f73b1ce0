/**
 * The paper's main model (Nanda et al. 2023, section 3), three seeds, and its twin that cannot generalize.
 *
 * Seed 0 has the paper's own split and is kept whole: every page draws it. Two more seeds show what of it is chance.
 * The memorized twin, the same model without weight decay, is what the figures are compared with: what looks the same
 * on it says nothing about the circuit.
 */
import { parseConfig } from "../../src/model/config.js";
import { type Experiment, FULL, SLIM } from "./experiment.js";

export const canonical: Experiment = {
  name: "canonical",
  reason: "The paper's main model in full, with two more seeds, and the same model without weight decay.",
  cells: [
    { config: parseConfig({}), keep: FULL },
    { config: parseConfig({ seed: 1 }), keep: SLIM },
    { config: parseConfig({ seed: 2 }), keep: SLIM },
    {
      config: parseConfig({ weight_decay: 0, epochs: 10_000 }),
      keep: { ...SLIM, checkpoints: 1 },
    },
  ],
};
