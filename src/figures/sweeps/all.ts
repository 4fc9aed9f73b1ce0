/** The figures of every sweep in the order of its page. Exports and tests go by this list. */
import type { Figure } from "../figure.js";
import { collapseCurves } from "./collapse-curves.js";
import { effectiveWeightDecay, modulus, numerics, operations } from "./compared-quantities.js";
import { epochsToGrok } from "./epochs-to-grok.js";
import { modulusFrequencies } from "./modulus-frequencies.js";
import { modulusLaw } from "./modulus-law.js";
import { modulusPairs } from "./modulus-pairs.js";
import { numericsOutcomes } from "./numerics-outcomes.js";
import { depth, learningRate, trainFraction, weightDecay } from "./quantities.js";
import { sparsityBases } from "./sparsity-bases.js";
import type { SparsityTables } from "./sparsity-rows.js";
import type { Sweep, SweptQuantity } from "./sweep.js";
import { sweepCurves } from "./sweep-curves.js";
import { sweepOverlay } from "./sweep-overlay.js";

/** A figure of a sweep by its number on the page. Random weights are drawn by the figure of sparsity alone. */
type SweepFigure = (sweep: Sweep, number: number) => Figure<SparsityTables>;

/** What stands between the two figures that every page has first and last: the times, and the curves twice. */
const OWN: Record<string, { quantity: SweptQuantity; own: readonly SweepFigure[] }> = {
  "weight-decay": { quantity: weightDecay, own: [] },
  "train-fraction": { quantity: trainFraction, own: [] },
  "learning-rate": { quantity: learningRate, own: [] },
  operations: { quantity: operations, own: [sparsityBases] },
  depth: { quantity: depth, own: [] },
  "effective-weight-decay": { quantity: effectiveWeightDecay, own: [collapseCurves] },
  modulus: { quantity: modulus, own: [modulusLaw, modulusFrequencies, modulusPairs] },
  numerics: { quantity: numerics, own: [numericsOutcomes] },
};

export interface SweepFigures {
  /** Path of the page. */
  page: string;
  quantity: SweptQuantity;
  figures: readonly SweepFigure[];
}

/** By name of the sweep. */
export const SWEEP_FIGURES: ReadonlyMap<string, SweepFigures> = new Map(
  Object.entries(OWN).map(([name, { quantity, own }]) => [
    name,
    { page: `/sweeps/${name}`, quantity, figures: [epochsToGrok, ...own, sweepOverlay, sweepCurves] },
  ]),
);
